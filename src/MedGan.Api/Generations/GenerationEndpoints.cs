using MedGan.Api.Audit;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Api.Trainings;
using MedGan.Storage;
using MedGan.Storage.Audit;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace MedGan.Api.Generations;

/// <summary>Which training's model is to generate.</summary>
public sealed record GenerationRequest(Guid? Training);

/// <summary>Synthetic sets: ask for one, follow it, read the privacy report, fetch the archive.</summary>
internal static class GenerationEndpoints
{
    public static void MapGenerations(this RouteGroupBuilder project)
    {
        project.MapGet("/generations", ListAsync).RequireAuthorization(Policies.ReadGenerations);
        project.MapPost("/generations", StartAsync).RequireAuthorization(Policies.StartGeneration);
        project.MapGet("/generations/{id:guid}", GetAsync).RequireAuthorization(Policies.ReadGenerations);
        project.MapGet("/generations/{id:guid}/report", ReportAsync).RequireAuthorization(Policies.ReadPrivacyReport);
        project.MapGet("/generations/{id:guid}/nearest-pairs.png", NearestPairsAsync).RequireAuthorization(Policies.SeePreviews);
        project.MapGet("/generations/{id:guid}/archive", ArchiveAsync).RequireAuthorization(Policies.DownloadReleased);
    }

    private static async Task<IReadOnlyList<GenerationSummary>> ListAsync(string project, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.SyntheticSets.AsNoTracking().Where(s => s.Project == project).OrderByDescending(s => s.CreatedAt).Take(200)
            .Select(s => new GenerationSummary(s.Id, s.State, s.TrainingId, s.CreatedAt)).ToListAsync(ct);
    }

    private static async Task<IResult> StartAsync(
        string project, GenerationRequest request, HttpContext http, IDbContextFactory<MedGanDb> databases, SyntheticSetRequests requests, CancellationToken ct)
    {
        if (request.Training is not { } trainingId)
        {
            throw RefusedException.BadRequest("The generation cannot be run as asked", "training must be the id of a training of this project.");
        }
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (id, job, refusal) = await requests.AddAsync(db, project, trainingId, http.User.Actor(), ct: ct);
        if (refusal is SetRefusal.NoSuchTraining)
        {
            throw RefusedException.NotFound("training");
        }
        if (refusal is SetRefusal.NotCompleted)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The training is not completed", "Generate once the training has completed.");
        }
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Accepted($"/projects/{project}/generations/{id}", new Accepted(id, job));
    }

    private static async Task<GenerationView> GetAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var set = await FindAsync(db, project, id, ct);
        var series = await db.SyntheticSeries.AsNoTracking().Where(s => s.SetId == id).OrderBy(s => s.TargetModality).ThenBy(s => s.SeriesInstanceUid).ToListAsync(ct);
        return GenerationView.Of(set, series);
    }

    private static async Task<IResult> ReportAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var set = await FindAsync(db, project, id, ct);
        return set.ReportJson is { } report ? Results.Text(report, "application/json") : throw RefusedException.NotFound("privacy report yet");
    }

    /// <summary>The closest pairs of generated and training image, as the privacy gate drew them: evidence, for those who may see uploaded images.</summary>
    private static async Task<IResult> NearestPairsAsync(
        string project, Guid id, HttpContext http, IDbContextFactory<MedGanDb> databases, ObjectIndex files, AccessTrail trail, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var set = await FindAsync(db, project, id, ct);
        var gate = StorageJson.Read<Dictionary<string, Guid>>(set.JobIds).TryGetValue("privacyGate", out var job) ? job : (Guid?)null;
        return gate is not null && await files.OpenAsync($"work/{gate.Value:N}/nearest-pairs.png", ct) is { } picture
            ? await trail.ShowAsync(http, picture, new { picture = "nearest-pairs", set = id })
            : throw RefusedException.NotFound("sheet of nearest pairs yet");
    }

    /// <summary>The archive is handed out only once the set is published, and every fetch is on the audit trail before its first byte.</summary>
    private static async Task<IResult> ArchiveAsync(
        string project, Guid id, HttpContext http, IDbContextFactory<MedGanDb> databases, ObjectIndex files, AccessTrail trail, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var set = await FindAsync(db, project, id, ct);
        var archive = set.State is SyntheticSetState.Released or SyntheticSetState.Withheld ? await files.OpenAsync(set.ArchivePath, ct) : null;
        if (archive is null)
        {
            throw RefusedException.NotFound("archive yet");
        }
        http.Response.RegisterForDispose(archive);
        await trail.NoteAsync(http, AuditActions.SetDownloaded, new { set = id, form = "archive", bytes = archive.Length });
        return Results.Stream(archive, "application/zip", $"medgan-{id:N}.zip",
            entityTag: new EntityTagHeaderValue($"\"{id:N}-{archive.Length}\""), enableRangeProcessing: true);
    }

    private static async Task<SyntheticSetRecord> FindAsync(MedGanDb db, string project, Guid id, CancellationToken ct) =>
        await db.SyntheticSets.AsNoTracking().SingleOrDefaultAsync(s => s.Project == project && s.Id == id, ct) ?? throw RefusedException.NotFound("generation");
}
