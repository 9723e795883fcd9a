using MedGan.EndToEnd.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(PhantomMainJob))]

namespace MedGan.EndToEnd.Tests;

/// <summary>The main job on the phantom, run once for all tests that look at what it left.</summary>
public sealed class PhantomMainJob : IAsyncLifetime
{
    public MainJobRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await MainJobRun.StartAsync(CancellationToken.None, "--minutes", "0.4", "--size", "32");

    public ValueTask DisposeAsync() => Run is null ? default : Run.DisposeAsync();
}
