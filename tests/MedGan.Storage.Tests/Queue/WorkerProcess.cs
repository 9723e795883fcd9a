using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Storage.Tests.Queue;

/// <summary>A worker process, for tests to start and to kill. Its jobs wait until a file named "go" is there.</summary>
internal static class WorkerProcess
{
    public static async Task<int> RunAsync(string folder, string? postgres)
    {
        var options = DataFolder.OptionsFor(folder, postgres);
        try
        {
            using var host = Build(options, (_, _) => new WaitForGo(folder));
            await host.RunAsync();
            return 0;
        }
        catch (WorkerAlreadyRunningException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    public static IHost Build(StorageOptions options, Func<IServiceProvider, JobKind, IJobHandler> handlers, Action<ILoggingBuilder>? logging = null)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddMedGanStorage(options).AddMedGanWorker(options, handlers);
        logging?.Invoke(builder.Logging);
        return builder.Build();
    }

    private sealed class WaitForGo(string folder) : IJobHandler
    {
        public async Task HandleAsync(JobLease lease, CancellationToken ct)
        {
            await lease.LogAsync($"epoch {lease.Epoch}", ct);
            while (!File.Exists(Path.Combine(folder, "go"))) await Task.Delay(20, ct);
            await lease.CompleteAsync(new { lease.Epoch }, ct: ct);
        }
    }
}
