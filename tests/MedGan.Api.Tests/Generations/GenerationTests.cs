using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Generations;

public sealed class GenerationTests(ReleasedService service) : IClassFixture<ReleasedService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_QueuesTheFirstStage()
    {
        using var client = service.As(Roles.Researcher);
        using var answer = await client.PostAsJsonAsync(Url("generations"), new { training = service.Published.Training }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var accepted = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        var view = JsonNode.Parse(await client.GetStringAsync(Url($"generations/{accepted["id"]}"), Ct))!;
        Assert.Equal(("Generating", (string)accepted["job"]!), ((string)view["state"]!, (string)view["jobs"]!["generate"]!));
        await using var db = service.Db();
        var job = await db.Jobs.SingleAsync(j => j.Id == (Guid)accepted["job"]!, Ct);
        Assert.Equal((Guid)accepted["id"]!, StorageJson.Read<GenerateRequest>(job.RequestJson).SetId);
    }

    [Fact]
    public async Task Start_WithoutACompletedTrainingOfThisProject_IsRefused()
    {
        await using var db = service.Db();
        var running = new TrainingRecord { Id = Guid.NewGuid(), Project = TestService.Project, Name = "n", CtCohort = "c", MrCohort = "m", PlanJson = "{}", State = TrainingState.Running, CreatedAt = DateTimeOffset.UtcNow };
        db.Add(running);
        await db.SaveChangesAsync(Ct);
        using var client = service.As(Roles.Researcher);
        foreach (var (body, status) in new (object, HttpStatusCode)[]
        {
            (new { training = running.Id }, HttpStatusCode.Conflict),
            (new { training = service.Foreign.Training }, HttpStatusCode.NotFound),
            (new { training = Guid.NewGuid() }, HttpStatusCode.NotFound),
            (new { training = "x" }, HttpStatusCode.BadRequest),
            (new { }, HttpStatusCode.BadRequest),
        })
        {
            using var answer = await client.PostAsJsonAsync(Url("generations"), body, Ct);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Published_TellsSeriesReportAndArchive_AndTheFetchIsAudited()
    {
        using var client = service.As(Roles.Researcher);
        var id = service.Published.Id;
        var view = JsonNode.Parse(await client.GetStringAsync(Url($"generations/{id}"), Ct))!;
        Assert.Equal(("Released", 2, 3, 2), ((string)view["state"]!, (int)view["summary"]!["series"]!, (int)view["summary"]!["released"]!, (int)view["summary"]!["withheld"]!));
        Assert.Equal(["CT", "MR"], view["series"]!.AsArray().Select(s => (string)s!["modality"]!));
        Assert.All(view["series"]!.AsArray(), s => Assert.Equal("Test", (string)s!["sourceSplit"]!));
        Assert.Equal("""{"released":3}""", await client.GetStringAsync(Url($"generations/{id}/report"), Ct));

        using var answer = await client.GetAsync(Url($"generations/{id}/archive"), Ct);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Ct));
        Assert.Equal("model-card.md", Assert.Single(zip.Entries).FullName);
        await using var db = service.Db();
        Assert.True(await db.AuditLeaves.AnyAsync(l => l.LeafJson.Contains("set.downloaded") && l.LeafJson.Contains(id.ToString()), Ct));
    }

    [Fact]
    public async Task Archive_IsHandedOutInRangesToo()
    {
        using var client = service.As(Roles.Researcher);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url($"generations/{service.Published.Id}/archive"));
        request.Headers.Range = new RangeHeaderValue(0, 3);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("PK\x03\x04"u8.ToArray(), await answer.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task UnfinishedOrForeign_HasNothingToHandOut()
    {
        using var client = service.As(Roles.Researcher);
        foreach (var path in new[] { $"{service.Unfinished.Id}/archive", $"{service.Foreign.Id}/archive", $"{service.Foreign.Id}/report", $"{service.Foreign.Id}" })
        {
            using var answer = await client.GetAsync(Url($"generations/{path}"), Ct);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task NearestPairs_AreShownToThoseWhoMaySeeUploads()
    {
        var gate = Guid.NewGuid();
        await using var db = service.Db();
        var set = await db.SyntheticSets.SingleAsync(s => s.Id == service.Unfinished.Id, Ct);
        var path = Url($"generations/{set.Id}/nearest-pairs.png");
        using var officer = service.As(Roles.PrivacyOfficer);
        using (var early = await officer.GetAsync(path, Ct))
        {
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        }
        set.JobIds = StorageJson.Write(new Dictionary<string, Guid> { ["generate"] = Guid.NewGuid(), ["privacyGate"] = gate });
        await db.SaveChangesAsync(Ct);
        var work = Path.Combine(service.Folder, "work", gate.ToString("N"));
        Directory.CreateDirectory(work);
        await File.WriteAllTextAsync(Path.Combine(work, "nearest-pairs.png"), "pairs", Ct);
        Assert.Equal("pairs", await officer.GetStringAsync(path, Ct));
        Assert.Contains("test-privacy-officer", await service.ViewedAsync("nearest-pairs", set.Id), StringComparison.Ordinal);
        using var researcher = service.As(Roles.Researcher);
        using var forbidden = await researcher.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    private static string Url(string path) => $"/projects/{TestService.Project}/{path}";
}
