using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Jobs;

public sealed class JobTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private JobQueue Queue => service.Services.GetRequiredService<JobQueue>();

    [Fact]
    public async Task Job_TellsStateProgressResultAndLog()
    {
        var lease = await TakenAsync();
        await lease.LogAsync("first line", Ct);
        await lease.LogAsync("second line", Ct);
        await lease.CompleteAsync(new { models = 1 }, ct: Ct);
        using var client = service.As(Roles.Admin);
        var job = JsonNode.Parse(await client.GetStringAsync(Url($"jobs/{lease.Id}"), Ct))!;
        Assert.Equal(("Train", "Succeeded", 1), ((string)job["kind"]!, (string)job["state"]!, (int)job["result"]!["models"]!));
        Assert.Equal(["first line", "second line"], job["log"]!.AsArray().Select(l => (string)l!["line"]!));
        var listed = JsonNode.Parse(await client.GetStringAsync(Url("jobs"), Ct))!.AsArray();
        Assert.Contains(listed, j => (Guid)j!["id"]! == lease.Id);
    }

    [Fact]
    public async Task Job_OfAnotherProject_IsNotFound()
    {
        var foreign = await Queue.EnqueueAsync(TestService.OtherProject, JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        using var client = service.As(Roles.Researcher);
        foreach (var path in new[] { $"jobs/{foreign}", $"jobs/{foreign}/events", $"jobs/{Guid.NewGuid()}", "jobs/not-an-id" })
        {
            using var answer = await client.GetAsync(Url(path), Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var cancelled = await client.PostAsync(Url($"jobs/{foreign}/cancel"), null, Ct);
        Assert.Equal(HttpStatusCode.NotFound, cancelled.StatusCode);
    }

    [Fact]
    public async Task Cancel_EndsAQueuedJob_AndASecondCancelIsAConflict()
    {
        var id = await Queue.EnqueueAsync(TestService.Project, JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        using var client = service.As(Roles.Researcher);
        using var first = await client.PostAsync(Url($"jobs/{id}/cancel"), null, Ct);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("Cancelled", (string)JsonNode.Parse(await client.GetStringAsync(Url($"jobs/{id}"), Ct))!["state"]!);
        using var second = await client.PostAsync(Url($"jobs/{id}/cancel"), null, Ct);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Fact]
    public async Task Events_ComeAsTheyHappen_AndEndAfterAFinalState()
    {
        var lease = await TakenAsync();
        using var client = service.As(Roles.Researcher);
        using var answer = await client.GetAsync(Url($"jobs/{lease.Id}/events"), HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct).GetAsyncEnumerator(Ct);

        await NextAsync(events, e => e.EventType == "state" && e.Data.Contains("Running", StringComparison.Ordinal));
        await lease.ReportAsync(0.25, "a quarter", Ct);
        await NextAsync(events, e => e.EventType == "progress" && (double)JsonNode.Parse(e.Data)!["progress"]! == 0.25);
        await lease.LogAsync("a line", Ct);
        await NextAsync(events, e => e.EventType == "log" && (string)JsonNode.Parse(e.Data)!["line"]! == "a line");
        await lease.CompleteAsync(new { }, ct: Ct);
        await NextAsync(events, e => e.EventType == "state" && e.Data.Contains("Succeeded", StringComparison.Ordinal));
        while (await events.MoveNextAsync())
        {
            Assert.NotEqual("log", events.Current.EventType);
        }
        await events.DisposeAsync();
    }

    [Fact]
    public async Task Events_AfterAReconnect_GoOnBehindTheLastLineSeen()
    {
        var lease = await TakenAsync();
        for (var i = 1; i <= 4; i++)
        {
            await lease.LogAsync($"line {i}", Ct);
        }
        await lease.CompleteAsync(new { }, ct: Ct);
        var all = await EventsAsync(lease.Id, null);
        Assert.Equal(["line 1", "line 2", "line 3", "line 4"], Lines(all));
        var second = all.Where(e => e.EventType == "log").ElementAt(1);
        Assert.Equal(["line 3", "line 4"], Lines(await EventsAsync(lease.Id, second.EventId)));
        var last = await EventsAsync(lease.Id, all[^1].EventId);
        Assert.Empty(Lines(last));
        Assert.Equal("state", last[^1].EventType);
    }

    [Fact]
    public async Task OpenEvents_DoNotHoldUpTheServicesEnd()
    {
        var own = new TestService();
        await own.InitializeAsync();
        var queue = own.Services.GetRequiredService<JobQueue>();
        var job = await queue.EnqueueAsync(TestService.Project, JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct);
        using var client = own.As(Roles.Researcher);
        using var answer = await client.GetAsync(Url($"jobs/{job}/events"), HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await own.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15), Ct); // the host itself would wait for 30 s
    }

    [Fact]
    public async Task Events_WithALastEventIdThatIsNone_AreRefused()
    {
        var lease = await TakenAsync();
        using var client = service.As(Roles.Researcher);
        client.DefaultRequestHeaders.Add("Last-Event-ID", "soon");
        using var answer = await client.GetAsync(Url($"jobs/{lease.Id}/events"), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task NextAsync(IAsyncEnumerator<SseItem<string>> events, Func<SseItem<string>, bool> wanted)
    {
        do
        {
            Assert.True(await events.MoveNextAsync(), "the stream ended too early");
        }
        while (!wanted(events.Current));
    }

    private async Task<List<SseItem<string>>> EventsAsync(Guid job, string? lastEventId)
    {
        using var client = service.As(Roles.Researcher);
        if (lastEventId is not null)
        {
            client.DefaultRequestHeaders.Add("Last-Event-ID", lastEventId);
        }
        using var answer = await client.GetAsync(Url($"jobs/{job}/events"), Ct);
        return [.. SseParser.Create(await answer.Content.ReadAsStreamAsync(Ct)).Enumerate()];
    }

    private static IEnumerable<string> Lines(IEnumerable<SseItem<string>> events) =>
        events.Where(e => e.EventType == "log").Select(e => (string)JsonNode.Parse(e.Data)!["line"]!);

    private async Task<JobLease> TakenAsync() =>
        (await Queue.TakeAsync(await Queue.EnqueueAsync(TestService.Project, JobKind.Train, new TrainRequest(Guid.NewGuid()), "x", Ct), Ct))!;

    private static string Url(string path) => $"/projects/{TestService.Project}/{path}";
}
