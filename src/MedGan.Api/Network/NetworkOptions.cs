using System.ComponentModel.DataAnnotations;
using System.Net;

namespace MedGan.Api.Network;

/// <summary>How much one caller may ask for, and how slow it may be. Section "MedGan:Traffic".</summary>
public sealed class TrafficOptions
{
    /// <summary>Requests a minute of one principal, or of one address where there is no valid token; so many may come at once. 10 to 1,000,000.</summary>
    [Range(10, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 6000;

    /// <summary>Open connections, 10 to 100,000.</summary>
    [Range(10, 100_000)]
    public int Connections { get; set; } = 4096;

    /// <summary>How long a client may take to send its headers, in seconds, 1 to 120.</summary>
    [Range(1, 120)]
    public int HeaderSeconds { get; set; } = 15;

    /// <summary>Bytes a second that a body must bring on average after its first five seconds, 0 to 1,000,000; 0: no bound.</summary>
    [Range(0, 1_000_000)]
    public int BodyBytesPerSecond { get; set; } = 1024;
}

/// <summary>HTTPS by the service itself. Section "MedGan:Tls".</summary>
public sealed class TlsOptions : IValidatableObject
{
    /// <summary>The certificate with its chain: PEM, or PKCS #12 (.pfx, .p12). Null: plain HTTP, for a proxy or the loopback interface.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The private key of a PEM certificate.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A file with the password of the key or of the PKCS #12 file.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>A port where plain HTTP is answered with the HTTPS address; null: none.</summary>
    [Range(1, 65535)]
    public int? RedirectPort { get; set; }

    /// <summary>Whether there is HTTPS.</summary>
    public bool IsOn => !string.IsNullOrEmpty(CertificateFile);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn && (KeyFile ?? PasswordFile ?? RedirectPort?.ToString(System.Globalization.CultureInfo.InvariantCulture)) is not null)
        {
            yield return new ValidationResult("MedGan:Tls:CertificateFile is missing: name the certificate, or leave MedGan:Tls out.", [nameof(CertificateFile)]);
        }
    }
}

/// <summary>Proxies in front of the service, whose word on client and scheme is taken (X-Forwarded-For, X-Forwarded-Proto). Section "MedGan:Proxies".</summary>
public sealed class ProxyOptions : IValidatableObject
{
    /// <summary>Their addresses (10.0.0.7) and networks (10.1.0.0/16), separated by commas.</summary>
    public string Addresses { get; set; } = "";

    /// <summary>Each of them; an address is a network of one.</summary>
    public IReadOnlyList<IPNetwork> All => [.. Parts.Select(part => NetworkOf(part)!.Value)];

    private string[] Parts => Addresses.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Parts.Any(part => NetworkOf(part) is null))
        {
            yield return new ValidationResult("MedGan:Proxies:Addresses must be IP addresses and networks such as 10.1.0.0/16, separated by commas.", [nameof(Addresses)]);
        }
    }

    private static IPNetwork? NetworkOf(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : IPNetwork.TryParse(text, out var network) ? network : null;
}
