using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>Certificates for the loopback interface, signed by nobody.</summary>
internal static class Certificates
{
    /// <summary>Writes a certificate and its key as PEM.</summary>
    /// <returns>Its thumbprint.</returns>
    public static string WritePem(string certificateFile, string keyFile)
    {
        using var certificate = Create(out var key);
        using (key)
        {
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        }
        return certificate.Thumbprint;
    }

    /// <summary>Writes both as PKCS #12 with a password.</summary>
    public static string WritePkcs12(string file, string password)
    {
        using var certificate = Create(out var key);
        using (key) File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return certificate.Thumbprint;
    }

    private static X509Certificate2 Create(out ECDsa key)
    {
        key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }
}
