using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Api.Tests.Fixtures;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Trainings;

public sealed class TrainingTests(TestService service) : IClassFixture<TestService>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_QueuesAJob_WithThePlanAndItsBudget()
    {
        var (id, job) = await StartAsync();
        await using var db = service.Db();
        var training = await db.Trainings.SingleAsync(t => t.Id == id, Ct);
        Assert.Equal("""{"imageSize":64,"batchSize":2,"maxMinutes":3}""", training.PlanJson);
        var row = await db.Jobs.SingleAsync(j => j.Id == job, Ct);
        Assert.Equal((JobKind.Train, JobState.Queued, "test-researcher"), (row.Kind, row.State, row.Actor));
        Assert.Equal(id, StorageJson.Read<TrainRequest>(row.RequestJson).TrainingId);
        Assert.True(await db.AuditLeaves.AnyAsync(l => l.LeafJson.Contains(job.ToString()), Ct));
    }

    [Fact]
    public async Task Start_OfAMethodOfOneDirection_KeepsWhatItTranslates()
    {
        await CohortsAsync();
        using var client = service.As(Roles.Researcher);
        using var answer = await client.PostAsJsonAsync(
            Url("trainings"), new { name = "synthetic CT", ctCohort = "ct", mrCohort = "mr", steps = 5, source = "MR", plan = new { method = "residual-unet", imageSize = 96, levels = 3 } }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var view = JsonNode.Parse(await client.GetStringAsync(Url($"trainings/{(string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["id"]!}"), Ct))!;
        Assert.Equal(("MR", "residual-unet"), ((string)view["source"]!, (string)view["plan"]!["method"]!));
    }

    [Fact]
    public async Task Training_IsFollowed_FromItsSamplesAndLossesToItsCard()
    {
        var (id, job) = await StartAsync();
        using var client = service.As(Roles.Steward);
        Assert.Equal("Queued", (string)JsonNode.Parse(await client.GetStringAsync(Url($"trainings/{id}"), Ct))!["state"]!);
        Assert.Equal("[]", await client.GetStringAsync(Url($"trainings/{id}/losses"), Ct));
        foreach (var missing in new[] { "samples/latest.png", "samples/50.png", "card.md" })
        {
            using var early = await client.GetAsync(Url($"trainings/{id}/{missing}"), Ct);
            Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        }

        var work = Path.Combine(service.Folder, "work", job.ToString("N"));
        Directory.CreateDirectory(Path.Combine(work, "samples"));
        await File.WriteAllTextAsync(Path.Combine(work, "losses.json"), """[{"step":50,"generator":1.5}]""", Ct);
        foreach (var step in new[] { 50, 100 })
        {
            await File.WriteAllTextAsync(Path.Combine(work, "samples", $"{step}.png"), $"sheet {step}", Ct);
        }
        await using var db = service.Db();
        var training = await db.Trainings.SingleAsync(t => t.Id == id, Ct);
        (training.State, training.SnapshotSha256, training.CardJson, training.CardMarkdown) = (TrainingState.Completed, "ab", """{"seed":1}""", "# Card");
        await db.SaveChangesAsync(Ct);

        Assert.Contains("1.5", await client.GetStringAsync(Url($"trainings/{id}/losses"), Ct), StringComparison.Ordinal);
        Assert.Equal("sheet 100", await client.GetStringAsync(Url($"trainings/{id}/samples/latest.png"), Ct));
        Assert.Contains("test-steward", await service.ViewedAsync("samples", id), StringComparison.Ordinal);
        Assert.Equal("sheet 50", await client.GetStringAsync(Url($"trainings/{id}/samples/50.png"), Ct));
        Assert.Equal("# Card", await client.GetStringAsync(Url($"trainings/{id}/card.md"), Ct));
        var view = JsonNode.Parse(await client.GetStringAsync(Url($"trainings/{id}"), Ct))!;
        Assert.Equal(("Completed", "ab", 1, job.ToString()), ((string)view["state"]!, (string)view["snapshotSha256"]!, (int)view["card"]!["seed"]!, (string)view["job"]!));
    }

    [Theory]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":-1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"../ct","mrCohort":"mr","minutes":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":1,"plan":{"imageSize":7}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":1,"plan":[]}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":1,"plan":{"method":"rrdb"}}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":1,"plan":{"method":"cut"},"source":"PT"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"mr","minutes":1,"source":"MR"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"name":"x","ctCohort":"ct","mrCohort":"no-such-cohort","minutes":1}""", HttpStatusCode.NotFound)]
    [InlineData("{not json", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Start_WithWhatCannotBeTrained_IsRefused_AndQueuesNothing(string body, HttpStatusCode status)
    {
        await CohortsAsync();
        await using var db = service.Db();
        var before = await db.Jobs.CountAsync(Ct);
        using var client = service.As(Roles.Researcher);
        using var answer = await client.PostAsync(Url("trainings"), new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(before, await db.Jobs.CountAsync(Ct));
    }

    [Fact]
    public async Task Start_WithABodyAboveAMegabyte_IsTooLarge()
    {
        using var client = service.As(Roles.Researcher);
        using var answer = await client.PostAsJsonAsync(Url("trainings"), new { name = new string('x', 2_000_000) }, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Samples_OfANameThatIsNoStep_AreRefused()
    {
        var (id, _) = await StartAsync();
        using var client = service.As(Roles.PrivacyOfficer);
        using var answer = await client.GetAsync(Url($"trainings/{id}/samples/..%2f..%2fmedgan.png"), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<(Guid Id, Guid Job)> StartAsync()
    {
        await CohortsAsync();
        using var client = service.As(Roles.Researcher);
        using var answer = await client.PostAsJsonAsync(Url("trainings"), new { name = "heads", ctCohort = "ct", mrCohort = "mr", plan = new { imageSize = 64, batchSize = 2 }, minutes = 3 }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var accepted = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!;
        return ((Guid)accepted["id"]!, (Guid)accepted["job"]!);
    }

    private async Task CohortsAsync()
    {
        await using var db = service.Db();
        foreach (var name in new[] { "ct", "mr" })
        {
            if (!await db.Cohorts.AnyAsync(c => c.Name == name, Ct))
            {
                db.Add(new CohortRecord { Project = TestService.Project, Name = name, CreatedAt = DateTimeOffset.UtcNow });
            }
        }
        await db.SaveChangesAsync(Ct);
    }

    private static string Url(string path) => $"/projects/{TestService.Project}/{path}";
}
