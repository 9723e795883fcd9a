using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGan.Api.Problems;

namespace MedGan.Api.Network;

/// <summary>The certificate of the settings, read again when its file changes, so that a renewed one needs no restart.</summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly TlsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private X509Certificate2 _current;
    private DateTime _written;
    private long _looked;

    /// <exception cref="CannotStartException">It cannot be read.</exception>
    public ServerCertificate(TlsOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _written = File.GetLastWriteTimeUtc(options.CertificateFile!);
        _looked = clock.GetTimestamp();
        try
        {
            _current = Read(options);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"MedGan:Tls:CertificateFile {options.CertificateFile} cannot be used with its key: name a PEM certificate and its KeyFile, or a PKCS #12 file, and the PasswordFile where there is one.", e);
        }
    }

    /// <summary>What a handshake gets.</summary>
    public X509Certificate2 Current(ILogger log)
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_looked) < LookEvery) return _current;
            _looked = _clock.GetTimestamp();
            var written = File.GetLastWriteTimeUtc(_options.CertificateFile!);
            if (written == _written) return _current;
            try
            {
                (_current, _written) = (Read(_options), written);
                Renewed(log, _current.NotAfter.ToUniversalTime());
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                NotRenewed(log, e.GetType().Name); // the files may be half written; the next look tries again
            }
            return _current;
        }
    }

    private static X509Certificate2 Read(TlsOptions options)
    {
        var password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        if (Path.GetExtension(options.CertificateFile) is ".pfx" or ".p12") return X509CertificateLoader.LoadPkcs12FromFile(options.CertificateFile!, password);
        using var pem = password is null
            ? X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile!, password, options.KeyFile);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The TLS certificate was read again; it is good until {Until:O}.")]
    private static partial void Renewed(ILogger log, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The TLS certificate has changed but cannot be read ({Kind}); the one of before is used.")]
    private static partial void NotRenewed(ILogger log, string kind);
}
