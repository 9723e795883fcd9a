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

    /// <summary>Writes a certificate that an intermediate authority has signed, with that authority's, and its key as PEM.</summary>
    /// <returns>The root that the intermediate authority is signed by; it is in no file.</returns>
    public static X509Certificate2 WriteChain(string certificateFile, string keyFile)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Authority("CN=made-up root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middle = Authority("CN=made-up authority", middleKey).Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), [2]);
        using var signer = middle.CopyWithPrivateKey(middleKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = Request(key).Create(signer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10), [3]);
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, own.ExportCertificatePem() + "\n" + middle.ExportCertificatePem());
        return root;
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request;
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
        return Request(key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static CertificateRequest Request(ECDsa key)
    {
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
