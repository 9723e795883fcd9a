using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MedGan.Api.Problems;

namespace MedGan.Api.Network;

/// <summary>The certificate of the settings with its chain, read again when one of its files changes, so that a renewed one needs no restart.</summary>
internal sealed partial class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly TlsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext _current;
    private string _written;
    private long _looked;

    /// <exception cref="CannotStartException">It cannot be read.</exception>
    public ServerCertificate(TlsOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        _looked = clock.GetTimestamp();
        try
        {
            _written = Written(options);
            _current = Read(options);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new CannotStartException($"MedGan:Tls:CertificateFile {options.CertificateFile} cannot be used with its key: name a PEM certificate and its KeyFile, or a PKCS #12 file, and the PasswordFile where there is one.", e);
        }
    }

    /// <summary>What a handshake gets.</summary>
    public SslStreamCertificateContext Current(ILogger log)
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_looked) < LookEvery) return _current;
            _looked = _clock.GetTimestamp();
            try
            {
                var written = Written(_options);
                if (written == _written) return _current;
                (_current, _written) = (Read(_options), written);
                Renewed(log, _current.TargetCertificate.NotAfter.ToUniversalTime());
            }
            catch (Exception e) when (IsUnusable(e))
            {
                NotRenewed(log, e.GetType().Name); // the files may be half written; the next look tries again
            }
            return _current;
        }
    }

    /// <summary>When each file was written; of a link, what it leads to: that is how mounted secrets are changed.</summary>
    private static string Written(TlsOptions options) => string.Join(' ', new[] { options.CertificateFile, options.KeyFile, options.PasswordFile }.OfType<string>()
        .Select(path => (File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)).LastWriteTimeUtc.Ticks));

    private static SslStreamCertificateContext Read(TlsOptions options)
    {
        var password = options.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : null;
        var chain = new X509Certificate2Collection();
        X509Certificate2 own;
        if (Path.GetExtension(options.CertificateFile) is ".pfx" or ".p12")
        {
            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.CertificateFile!, password);
            own = chain.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("The file holds no private key.");
        }
        else
        {
            chain.ImportFromPemFile(options.CertificateFile!);
            using var pem = password is null
                ? X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile)
                : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile!, password, options.KeyFile);
            own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        }
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private static bool IsUnusable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    [LoggerMessage(Level = LogLevel.Information, Message = "The TLS certificate was read again; it is good until {Until:O}.")]
    private static partial void Renewed(ILogger log, DateTime until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The TLS certificate has changed but cannot be read ({Kind}); the one of before is used.")]
    private static partial void NotRenewed(ILogger log, string kind);
}
