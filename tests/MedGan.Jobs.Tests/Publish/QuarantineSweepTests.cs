using System.Text.Json.Nodes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Publish;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace MedGan.Jobs.Tests.Publish;

public sealed class QuarantineSweepTests(PhantomChain chain)
{
    [Fact]
    public async Task Sweep_SetsThatHaveEnded_LoseTheirQuarantineAndOthersKeepIt()
    {
        var site = chain.Site;
        var (cancelled, cancelledQuarantine) = await GenerateAsync();
        await CancelGateAsync(cancelled);
        var (judging, judgingQuarantine) = await GenerateAsync();
        var released = DataFiles.QuarantineFolder(await JobAsync(chain.Set, "generate"));
        await site.PlantAsync($"{released}/left.volume", stream => stream.Write("left"u8)); // as a worker leaves it that dies between the end of the job and the removal
        var plain = Path.Combine(site.DataFolder, released);
        Directory.CreateDirectory(plain); // and as one of an earlier version did
        File.WriteAllText(Path.Combine(plain, "left.volume"), "left");
        Assert.NotEmpty(site.Names(cancelledQuarantine));

        using var sweep = new QuarantineSweep(site.Service<IDbContextFactory<MedGanDb>>(), site.Files, NullLogger<QuarantineSweep>.Instance);
        await sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Empty(site.Names(cancelledQuarantine));
        Assert.Empty(site.Names(released));
        Assert.False(Directory.Exists(plain));
        Assert.All(await site.SeriesAsync(cancelled), series => Assert.Null(series.QuarantinePath));
        Assert.All(await site.SeriesAsync(judging), series => Assert.NotEmpty(site.Read(series.QuarantinePath!)));
        Assert.NotEmpty(site.Names(judgingQuarantine));
        await CancelGateAsync(judging); // leaves no queued job to the other tests
    }

    private async Task<(Guid Set, string Quarantine)> GenerateAsync()
    {
        var (set, generate) = await chain.Site.QueueGenerationAsync(chain.Training.Id);
        await chain.Site.RunAsync(generate);
        return (set, DataFiles.QuarantineFolder(generate));
    }

    private async Task CancelGateAsync(Guid set)
    {
        var gate = await JobAsync(set, "privacyGate");
        Assert.Equal(CancelOutcome.Cancelled, await chain.Site.Queue.CancelAsync(TestSite.Project, gate, "researcher"));
        Assert.Equal(SyntheticSetState.Failed, (await chain.Site.SetAsync(set)).State);
    }

    private async Task<Guid> JobAsync(Guid set, string kind) =>
        JsonNode.Parse((await chain.Site.SetAsync(set)).JobIds)![kind]!.GetValue<Guid>();
}
