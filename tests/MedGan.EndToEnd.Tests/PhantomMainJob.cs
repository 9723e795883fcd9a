using MedGan.EndToEnd.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PhantomMainJob))]

namespace MedGan.EndToEnd.Tests;

/// <summary>The main job on the phantom, run once, when the first test looks at what it left.</summary>
public sealed class PhantomMainJob : IAsyncDisposable
{
    private readonly Lazy<MainJobRun> run = new(() => Task.Run(() => MainJobRun.StartAsync(CancellationToken.None, "--minutes", "0.4", "--size", "32")).GetAwaiter().GetResult());

    public MainJobRun Run => run.Value;

    public ValueTask DisposeAsync() => run.IsValueCreated ? run.Value.DisposeAsync() : default;
}
