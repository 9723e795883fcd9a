using System.Text.Json;
using MedGan.Jobs.Train;

namespace MedGan.Jobs.Tests.Train;

public sealed class LossLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("medgan-losses").FullName;

    private string Path => System.IO.Path.Combine(folder, "losses.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Save_LongRun_KeepsAtMostTheMaximumAndTheMeanOfAllSteps()
    {
        var log = new LossLog(Path);
        for (var step = 1; step <= 4096; step++) log.Add(Point(step, cycle: step));
        log.Save();

        var points = Read();
        Assert.InRange(points.Length, 400, LossLog.MaximumPoints);
        Assert.Equal(4096, points[^1].Step);
        Assert.Equal(Enumerable.Range(1, 4096).Average(), points.Average(point => point.Losses["cycle"]), tolerance: 8);
    }

    [Fact]
    public void Add_AfterARestartFromAnEarlierCheckpoint_ReplacesTheStepsThatAreTakenAgain()
    {
        var first = new LossLog(Path);
        for (var step = 1; step <= 30; step++) first.Add(Point(step, cycle: 1));
        first.Save();

        var resumed = new LossLog(Path);
        for (var step = 21; step <= 40; step++) resumed.Add(Point(step, cycle: 2));
        resumed.Save();

        var points = Read();
        Assert.Equal(Enumerable.Range(1, 40).Select(step => (long)step), points.Select(point => point.Step));
        Assert.All(points, point => Assert.Equal(point.Step <= 20 ? 1 : 2, point.Losses["cycle"]));
    }

    private static LossPoint Point(long step, double cycle) => new(step, new Dictionary<string, double> { ["generator"] = 1, ["cycle"] = cycle });

    private LossPoint[] Read() => JsonSerializer.Deserialize<LossPoint[]>(File.ReadAllText(Path), JsonSerializerOptions.Web)!;
}
