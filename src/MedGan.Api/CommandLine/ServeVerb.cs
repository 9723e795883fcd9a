using System.Net;
using MedGan.Api.Logging;
using MedGan.Api.Problems;
using MedGan.Operation;
using MedGan.Storage.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MedGan.Api.CommandLine;

/// <summary>"serve": the web service until it is told to stop.</summary>
internal static class ServeVerb
{
    private const int DefaultPort = 8480;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken ct)
    {
        var arguments = new Arguments(args, "--data", "--port", "--listen");
        var data = arguments.Last("--data") ?? ServiceSettings.Read(Configuration()).Data.Folder
            ?? throw new WrongUseException("serve wants --data DIR, the folder that holds everything the service keeps.");
        var port = arguments.Number("--port", DefaultPort, least: 0, most: 65535);
        if (!IPAddress.TryParse(arguments.Last("--listen") ?? "127.0.0.1", out var address))
        {
            throw new WrongUseException("The option --listen wants an IP address, such as 127.0.0.1 or 0.0.0.0.");
        }
        data = Path.GetFullPath(data);
        try
        {
            await using var app = await Service.BuildAsync(new ServiceAddress(data, address, port), errors, Configuration());
            var auditKey = app.Services.GetRequiredService<KeyRing>().PublishAuditFingerprint();
            if (!await app.StartUnlessStoppedAsync(ct)) return 0;
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            ServiceLog.Listening(app.Logger, typeof(ServeVerb).Assembly.GetName().Version?.ToString(3) ?? "", url);
            await output.WriteLineAsync($"MedGan is ready at {url}");
            await output.WriteLineAsync($"Audit key: {auditKey}");
            await output.FlushAsync(ct);
            await app.WaitForShutdownAsync(ct);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (Failure.WhyNotStarted(e, data, port) is { } sentence)
        {
            await errors.WriteLineAsync(sentence);
            return 2;
        }
    }

    /// <summary>appsettings.json beside the program, then the environment.</summary>
    public static IConfiguration Configuration() => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();
}
