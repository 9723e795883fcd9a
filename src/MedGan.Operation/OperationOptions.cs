using System.Globalization;
using System.Net;
using MedGan.Storage;
using Microsoft.Extensions.Configuration;

namespace MedGan.Operation;

/// <summary>How a process is looked after. Sections "MedGan:Metrics", "MedGan:Traces" and "MedGan:Log".</summary>
public sealed class OperationOptions
{
    /// <summary>MedGan:Metrics:Port: where /metrics, /health/live and /health/ready are served without a token; null: nowhere.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>MedGan:Metrics:Listen: the address of that port. What is told there names no project, but is nobody's outside all the same.</summary>
    public IPAddress MetricsListen { get; init; } = IPAddress.Loopback;

    /// <summary>MedGan:Traces:Endpoint: the OpenTelemetry collector (OTLP over HTTP, such as http://collector:4318) that traces go to; null: none are kept.</summary>
    public Uri? TracesEndpoint { get; init; }

    /// <summary>MedGan:Log:Format is "json": each line of the log is a JSON object.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Reads the sections; every value is optional.</summary>
    /// <param name="section">"MedGan".</param>
    /// <exception cref="InvalidSettingException">A value cannot be used.</exception>
    public static OperationOptions Read(IConfiguration section) => new()
    {
        MetricsPort = section["Metrics:Port"] is { Length: > 0 } port ? Port(port) : null,
        MetricsListen = section["Metrics:Listen"] is { Length: > 0 } listen ? Address(listen) : IPAddress.Loopback,
        TracesEndpoint = section["Traces:Endpoint"] is { Length: > 0 } endpoint ? Endpoint(endpoint) : null,
        JsonLog = section["Log:Format"] switch
        {
            null or "" or "text" => false,
            "json" => true,
            _ => throw new InvalidSettingException("MedGan:Log:Format must be text or json."),
        },
    };

    private static int Port(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
        ? port
        : throw new InvalidSettingException("MedGan:Metrics:Port must be a number from 0 to 65535 (0: any free one).");

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new InvalidSettingException("MedGan:Metrics:Listen must be an IP address, such as 127.0.0.1 or 0.0.0.0.");

    private static Uri Endpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        ? uri
        : throw new InvalidSettingException("MedGan:Traces:Endpoint must look like http://collector:4318, without credentials.");
}
