using System.Text.Json.Nodes;
using MedGan.Api.Audit;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Trainings;

/// <summary>A training as a client sees it.</summary>
public sealed record TrainingView(
    Guid Id, string Name, TrainingState State, Guid Job, string CtCohort, string MrCohort, string? Source, JsonNode? Plan, string? SnapshotSha256,
    JsonNode? Card, DateTimeOffset CreatedAt);

/// <summary>Trainings: start one, follow it, read what came of it.</summary>
internal static class TrainingEndpoints
{
    public static void MapTrainings(this RouteGroupBuilder project)
    {
        project.MapGet("/trainings", ListAsync).RequireAuthorization(Policies.ReadTrainings);
        project.MapPost("/trainings", StartAsync).RequireAuthorization(Policies.StartTraining);
        project.MapGet("/trainings/{id:guid}", GetAsync).RequireAuthorization(Policies.ReadTrainings);
        project.MapGet("/trainings/{id:guid}/card.md", CardAsync).RequireAuthorization(Policies.ReadTrainings);
        project.MapGet("/trainings/{id:guid}/samples/{name}.png", SamplesAsync).RequireAuthorization(Policies.SeePreviews);
        project.MapGet("/trainings/{id:guid}/losses", LossesAsync).RequireAuthorization(Policies.ReadTrainings);
    }

    private static async Task<IReadOnlyList<TrainingView>> ListAsync(string project, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var trainings = await db.Trainings.AsNoTracking().Where(t => t.Project == project).OrderByDescending(t => t.CreatedAt).Take(200).ToListAsync(ct);
        return [.. trainings.Select(View)];
    }

    private static async Task<IResult> StartAsync(
        string project, TrainingRequest request, HttpContext http, IDbContextFactory<MedGanDb> databases, JobQueue queue, TimeProvider clock, CancellationToken ct)
    {
        var plan = request.CheckedPlan();
        await using var db = await databases.CreateDbContextAsync(ct);
        foreach (var cohort in new[] { request.CtCohort, request.MrCohort })
        {
            if (!await db.Cohorts.AnyAsync(c => c.Project == project && c.Name == cohort, ct))
            {
                throw RefusedException.NotFound("cohort");
            }
        }
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await queue.RequireRoomAsync(db, project, ct);
        var training = new TrainingRecord
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Project = project,
            Name = request.Name!,
            CtCohort = request.CtCohort!,
            MrCohort = request.MrCohort!,
            SourceModality = request.Source,
            PlanJson = plan.ToJsonString(),
            State = TrainingState.Queued,
            CreatedAt = clock.GetUtcNow(),
        };
        training.JobId = queue.Add(db, project, JobKind.Train, new TrainRequest(training.Id), http.User.Actor());
        db.Trainings.Add(training);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Accepted($"/projects/{project}/trainings/{training.Id}", new Accepted(training.Id, training.JobId));
    }

    private static async Task<TrainingView> GetAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, CancellationToken ct) =>
        View(await FindAsync(databases, project, id, ct));

    private static async Task<IResult> CardAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        var training = await FindAsync(databases, project, id, ct);
        return training.CardMarkdown is { } card ? Results.Text(card, "text/markdown; charset=utf-8") : throw RefusedException.NotFound("model card yet");
    }

    /// <summary>name: "latest", or the number of a step.</summary>
    private static async Task<IResult> SamplesAsync(
        string project, Guid id, string name, HttpContext http, IDbContextFactory<MedGanDb> databases, TrainingFiles files, AccessTrail trail, CancellationToken ct)
    {
        var training = await FindAsync(databases, project, id, ct);
        var samples = name == "latest" ? await files.LatestSamplesAsync(training, ct)
            : long.TryParse(name, out var step) && step >= 0 ? await files.SamplesAtAsync(training, step, ct)
            : throw RefusedException.BadRequest("The sample is not valid", "Ask for latest.png, or for the number of a step.");
        return samples is null
            ? throw RefusedException.NotFound("sample sheet")
            : await trail.ShowAsync(http, samples, new { picture = "samples", training = id, name });
    }

    private static async Task<IResult> LossesAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, TrainingFiles files, CancellationToken ct)
    {
        var training = await FindAsync(databases, project, id, ct);
        return await files.LossesAsync(training, ct) is { } losses ? Results.Stream(losses, "application/json") : Results.Json(Array.Empty<object>(), StorageJson.Options);
    }

    private static async Task<TrainingRecord> FindAsync(IDbContextFactory<MedGanDb> databases, string project, Guid id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Trainings.AsNoTracking().SingleOrDefaultAsync(t => t.Project == project && t.Id == id, ct) ?? throw RefusedException.NotFound("training");
    }

    private static TrainingView View(TrainingRecord t) => new(
        t.Id, t.Name, t.State, t.JobId, t.CtCohort, t.MrCohort, t.SourceModality, JsonNode.Parse(t.PlanJson), t.SnapshotSha256,
        t.CardJson is null ? null : JsonNode.Parse(t.CardJson), t.CreatedAt);
}
