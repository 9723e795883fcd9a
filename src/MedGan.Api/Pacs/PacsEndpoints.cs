using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Api.Trainings;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Pacs;

/// <summary>Which study of which archive is to come into a cohort.</summary>
public sealed record StudyFetchRequest(string? Pacs, string? StudyInstanceUid, string? SeriesInstanceUid);

/// <summary>Which archive a synthetic set is to go to.</summary>
public sealed record DeliveryRequest(string? Pacs);

/// <summary>Picture archives: studies come from them, and released synthetic sets go to them. Only archives that the settings name.</summary>
internal static class PacsEndpoints
{
    public static void MapPacs(this RouteGroupBuilder project)
    {
        project.MapPost("/cohorts/{cohort}/fetches", FetchAsync).RequireAuthorization(Policies.StoreInstances);
        project.MapPost("/generations/{id:guid}/deliveries", DeliverAsync).RequireAuthorization(Policies.DeliverReleased);
    }

    private static async Task<IResult> FetchAsync(
        string project, string cohort, StudyFetchRequest request, HttpContext http, PacsOptions archives, StudyFetches fetches, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        var archive = Find(archives, request.Pacs, project);
        var reference = new StudyReference(request.StudyInstanceUid ?? "", request.SeriesInstanceUid);
        if (!reference.IsValid)
        {
            throw RefusedException.BadRequest("The study cannot be fetched as asked", "studyInstanceUid must be a UID, and seriesInstanceUid one too where it is given.");
        }
        await using var fetch = await fetches.PrepareAsync(new FetchRequest(project, cohort, archive.Name), reference, ct);
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var job = await fetch.AddAsync(db, http.User.Actor(), ct: ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Accepted($"/projects/{project}/jobs/{job}", new Accepted(job, job));
    }

    private static async Task<IResult> DeliverAsync(
        string project, Guid id, DeliveryRequest request, HttpContext http, PacsOptions archives, JobQueue queue, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var set = await db.SyntheticSets.AsNoTracking().SingleOrDefaultAsync(s => s.Project == project && s.Id == id, ct) ?? throw RefusedException.NotFound("generation");
        var archive = Find(archives, request.Pacs, project);
        if (set.State != SyntheticSetState.Released)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The set is not released", "Only what the privacy gate released can be delivered.");
        }
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await queue.RequireRoomAsync(db, project, ct);
        var job = queue.Add(db, project, JobKind.Deliver, new DeliverRequest(set.Id, archive.Name), http.User.Actor());
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return Results.Accepted($"/projects/{project}/jobs/{job}", new Accepted(job, job));
    }

    private static PacsArchive Find(PacsOptions archives, string? name, string project)
    {
        if (archives.Find(name, project) is { } archive)
        {
            return archive;
        }
        var names = archives.All.Where(a => a.Serves(project)).Select(a => a.Name).Order(StringComparer.Ordinal).ToList();
        throw RefusedException.BadRequest("There is no such PACS", names.Count == 0
            ? "The settings of this service name no PACS that this project may use."
            : $"pacs must be one of {string.Join(", ", names)}.");
    }
}
