using System.Text.Json.Nodes;
using FellowOakDicom;
using MedGan.Dicom.Web;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Pacs;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Tests.Pacs;

/// <summary>Deliveries to archives that take some instances and not others.</summary>
public sealed class DeliverJobTests(PhantomChain chain)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ArchiveThatTakesOnlySome_GetsTheRestWithTheNextTry_AndNothingTwice()
    {
        var (sent, full) = (new List<string>(), true);
        await using var archive = await ScriptedArchive.StartAsync(async context =>
        {
            var uids = await ReceivedAsync(context.Request);
            lock (sent) sent.AddRange(uids);
            // Out of resources after every second one, until there is room.
            await AnswerAsync(context.Response, uids.Where((_, i) => !full || i % 2 == 0), full ? uids.Where((_, i) => i % 2 == 1) : [], 0xA700);
        });
        var job = await QueueAsync();
        var e = await Assert.ThrowsAsync<TransientJobException>(() => DeliverAsync(job, archive));
        Assert.True(e.UntilItPasses);
        Assert.Contains("has not acknowledged", e.Message, StringComparison.Ordinal);
        var released = await ReleasedAsync();
        Assert.Equal(released, sent.Order(StringComparer.Ordinal));
        var there = await DeliveredAsync(job);
        Assert.InRange(there.Count, 1, released.Count - 1);

        full = false;
        sent.Clear();
        await DeliverAsync(job, archive);
        Assert.Equal(released.Except(there).Order(StringComparer.Ordinal), sent.Order(StringComparer.Ordinal));
        Assert.Equal(released, await DeliveredAsync(job));
        Assert.Equal(JobState.Succeeded, (await chain.Site.JobAsync(job)).State);
        Assert.Contains(await chain.Site.AuditAsync("set.delivered"), leaf => leaf.Contains($"\"instances\":{released.Count}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InstanceThatIsThereAlready_CountsAsAcknowledged()
    {
        await using var archive = await ScriptedArchive.StartAsync(async context => await AnswerAsync(context.Response, [], await ReceivedAsync(context.Request), 0x0111));
        var job = await QueueAsync();
        await DeliverAsync(job, archive);
        Assert.Equal(await ReleasedAsync(), await DeliveredAsync(job));
    }

    [Fact]
    public async Task InstanceThatTheArchiveWillNeverTake_FailsTheJob_WithTheReason()
    {
        await using var archive = await ScriptedArchive.StartAsync(async context => await AnswerAsync(context.Response, [], await ReceivedAsync(context.Request), 0x0122));
        var e = await Assert.ThrowsAsync<JobFailedException>(async () => await DeliverAsync(await QueueAsync(), archive));
        Assert.Contains("failure reason 0122", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>welcome</html>")]
    [InlineData("[]")]
    [InlineData("""{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":[7]}}]}}""")]
    public async Task AnswerThatIsNone_FailsTheJob(string body)
    {
        await using var archive = await ScriptedArchive.StartAsync(context => context.Response.WriteAsync(body));
        var e = await Assert.ThrowsAsync<JobFailedException>(async () => await DeliverAsync(await QueueAsync(), archive));
        Assert.Contains("did not answer", e.Message, StringComparison.Ordinal);
    }

    private Task<Guid> QueueAsync() => chain.Site.Queue.EnqueueAsync(TestSite.Project, JobKind.Deliver, new DeliverRequest(chain.Set, "hospital"), "researcher", Ct);

    /// <summary>Runs the job, and puts it back as a worker does when it is to be tried again.</summary>
    private async Task DeliverAsync(Guid job, ScriptedArchive archive)
    {
        using var client = new PacsClient(archive.Options);
        var lease = (await chain.Site.Queue.TakeAsync(job, Ct))!;
        await new DeliverJob(chain.Site.Service<IDbContextFactory<MedGanDb>>(), chain.Site.Service<SyntheticSets>(), chain.Site.Service<ReleaseStore>(), chain.Site.Service<OutboxStore>(), client).HandleAsync(lease, Ct);
    }

    private async Task<List<string>> ReleasedAsync()
    {
        var series = (await chain.Site.SeriesAsync(chain.Set)).ConvertAll(s => s.Id);
        return await chain.Site.ReadAsync(async db => (await db.Released.Where(r => series.Contains(r.SyntheticSeriesId)).Select(r => r.SopInstanceUid).ToListAsync(Ct)).Order(StringComparer.Ordinal).ToList());
    }

    private Task<List<string>> DeliveredAsync(Guid job) => chain.Site.ReadAsync(async db =>
        (await db.Delivered.Where(d => d.JobId == job).Select(d => d.SopInstanceUid).ToListAsync(Ct)).Order(StringComparer.Ordinal).ToList());

    private static async Task<List<string>> ReceivedAsync(HttpRequest request)
    {
        var uids = new List<string>();
        await foreach (var part in DicomMultipart.ReadAsync(request.Body, DicomMultipart.BoundaryOf(request.ContentType), 1000, 1 << 26, request.HttpContext.RequestAborted))
            uids.Add((await DicomFile.OpenAsync(part.Content)).Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
        return uids;
    }

    private static Task AnswerAsync(HttpResponse response, IEnumerable<string> stored, IEnumerable<string> failed, int reason)
    {
        var answer = new JsonObject
        {
            ["00081199"] = Sequence(stored.Select(uid => new JsonObject { ["00081155"] = Attribute("UI", uid) })),
            ["00081198"] = Sequence(failed.Select(uid => new JsonObject { ["00081155"] = Attribute("UI", uid), ["00081197"] = Attribute("US", reason) })),
        };
        response.StatusCode = failed.Any() ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;
        return response.WriteAsync(answer.ToJsonString());
    }

    private static JsonObject Sequence(IEnumerable<JsonObject> items) => new() { ["vr"] = "SQ", ["Value"] = new JsonArray([.. items]) };
    private static JsonObject Attribute(string vr, JsonNode value) => new() { ["vr"] = vr, ["Value"] = new JsonArray(value) };
}
