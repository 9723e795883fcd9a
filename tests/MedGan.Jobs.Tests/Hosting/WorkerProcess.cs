using System.Diagnostics;
using System.Text;

namespace MedGan.Jobs.Tests.Hosting;

/// <summary>The worker as a process of its own, as <c>./medgan serve</c> starts it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();

    private WorkerProcess(Process process) => this.process = process;

    /// <summary>What it has written to standard error.</summary>
    public string Errors
    {
        get { lock (errors) return errors.ToString(); }
    }

    /// <param name="dataFolder">Its --data.</param>
    /// <param name="programFolder">Where it is installed; beside the tests when not given.</param>
    public static WorkerProcess Start(string dataFolder, string? programFolder = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(programFolder ?? AppContext.BaseDirectory, "MedGan.Jobs.dll"), "--data", dataFolder])
        {
            RedirectStandardError = true,
        };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker.process.ErrorDataReceived += (_, line) =>
        {
            lock (worker.errors) worker.errors.AppendLine(line.Data);
        };
        worker.process.Start();
        worker.process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>SIGKILL: the process has no chance to tidy up.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for it to end by itself; its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Asks again and again until the answer is there, the worker has died, or the time is over.</summary>
    public async Task<T> WaitAsync<T>(Func<Task<T?>> ask, TimeSpan most) where T : class
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < most; await timer.WaitForNextTickAsync())
        {
            if (await ask() is { } answer) return answer;
            if (process.HasExited) throw new InvalidOperationException($"The worker ended with code {process.ExitCode}: {Errors}");
        }
        throw new TimeoutException($"The worker took longer than {most}: {Errors}");
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
