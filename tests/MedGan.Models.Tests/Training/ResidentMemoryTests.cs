using System.Globalization;
using MedGan.Models.Training;
using MedGan.Testing;

namespace MedGan.Models.Tests.Training;

/// <summary>In a process of its own, so that no other test's memory counts.</summary>
public class ResidentMemoryTests
{
    // A fixed budget for young objects and no instrumented code: what is left is what the training holds.
    private static readonly Dictionary<string, string> Settings = new() { ["DOTNET_GCgen0size"] = "0x400000", ["DOTNET_TieredPGO"] = "0", ["OMP_NUM_THREADS"] = "1" };

    [Fact]
    public async Task ResidentMemory_After2000Steps_IsWithin2PercentOfStep200s()
    {
        using var folder = new TemporaryFolder();
        var plan = TinyCohort.Plan with { BatchSize = 1, PixelPathWidth = 4, MaxSteps = 2000, CheckpointEverySteps = 100, SampleEverySteps = 100, Threads = 1 };
        File.WriteAllText(folder["plan.json"], plan.ToJson());
        using var process = BuiltProgram.Start("tests/MedGan.TrainingProcess", folder["log.txt"], Settings, "memory", folder.Path);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, File.ReadAllText(folder["log.txt"]));

        var kiB = File.ReadLines(folder["resident.csv"]).Select(line => line.Split(',')).ToDictionary(l => int.Parse(l[0], CultureInfo.InvariantCulture), l => double.Parse(l[1], CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => 100 * i), kiB.Keys.Order());
        Assert.InRange(kiB[2000] / kiB[200], 0.98, 1.02);
    }
}
