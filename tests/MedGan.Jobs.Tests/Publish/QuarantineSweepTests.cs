using System.Text.Json.Nodes;
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
        var released = site.Files.QuarantineFolder(await JobAsync(chain.Set, "generate"));
        Directory.CreateDirectory(released); // as a worker leaves it that dies between the end of the job and the removal
        File.WriteAllText(Path.Combine(released, "left.volume"), "left");
        Assert.True(Directory.Exists(cancelledQuarantine));

        using var sweep = new QuarantineSweep(site.Service<IDbContextFactory<MedGanDb>>(), site.Files, NullLogger<QuarantineSweep>.Instance);
        await sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(cancelledQuarantine));
        Assert.False(Directory.Exists(released));
        Assert.All(await site.SeriesAsync(cancelled), series => Assert.Null(series.QuarantinePath));
        Assert.All(await site.SeriesAsync(judging), series => Assert.True(File.Exists(site.Files.Full(series.QuarantinePath!))));
        Assert.True(Directory.Exists(judgingQuarantine));
        await CancelGateAsync(judging); // leaves no queued job to the other tests
    }

    private async Task<(Guid Set, string Quarantine)> GenerateAsync()
    {
        var (set, generate) = await chain.Site.QueueGenerationAsync(chain.Training.Id);
        await chain.Site.RunAsync(generate);
        return (set, chain.Site.Files.QuarantineFolder(generate));
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
