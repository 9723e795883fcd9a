using System.Diagnostics;
using System.Text.Json;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>One run of the demo client against the two real processes, with a training that is as short as it can be.</summary>
public sealed class MainJobRun : IAsyncDisposable
{
    private MainJobRun(RunningService service, string output) => (Service, Out) = (service, output);

    public RunningService Service { get; }

    /// <summary>What the demo left for the user.</summary>
    public string Out { get; }

    public int ExitCode { get; private set; }
    public JsonElement Result { get; private set; }
    public string Console { get; private set; } = "";

    public static async Task<MainJobRun> StartAsync(CancellationToken ct, params string[] arguments)
    {
        var service = await RunningService.StartAsync(ct);
        var run = new MainJobRun(service, Path.Combine(service.Folder, "out"));
        try
        {
            await run.RunAsync(arguments, ct);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    private async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Dll("demo/MedGan.Demo"), "--url", Service.Url.ToString(), "--out", Out, "--json", .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, role) in new[] { ("MEDGAN_STEWARD", "steward"), ("MEDGAN_RESEARCHER", "researcher"), ("MEDGAN_PRIVACY_OFFICER", "privacy-officer") })
            start.Environment[variable] = await Service.TokenAsync(role, "demo", ct);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        Console = await output + await error;
        ExitCode = process.ExitCode;
        Assert.True(ExitCode is 0 or 1, $"the demo ended with {ExitCode}: {Console}\n{await ServiceLogAsync(ct)}");
        Assert.False(string.IsNullOrWhiteSpace(await output), $"the demo printed no result: {Console}\n{await ServiceLogAsync(ct)}");
        Result = JsonDocument.Parse(await output).RootElement;
    }

    private async Task<string> ServiceLogAsync(CancellationToken ct)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Service.Folder, "worker.out"), ct);
        return text.Length > 4000 ? text[^4000..] : text;
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
