using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Api.Jobs;

/// <summary>What the workers are doing for a project.</summary>
internal static class JobEndpoints
{
    private const int ListedJobs = 200, ListedLines = 1000;

    public static void MapJobs(this RouteGroupBuilder project)
    {
        project.MapGet("/jobs", ListAsync).RequireAuthorization(Policies.ReadJobs);
        project.MapGet("/jobs/{id:guid}", GetAsync).RequireAuthorization(Policies.ReadJobs);
        project.MapGet("/jobs/{id:guid}/events", EventsAsync).RequireAuthorization(Policies.ReadJobs);
        project.MapPost("/jobs/{id:guid}/cancel", CancelAsync).RequireAuthorization(Policies.CancelJobs);
    }

    private static async Task<IReadOnlyList<JobSummary>> ListAsync(string project, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var jobs = await db.Jobs.AsNoTracking().Where(j => j.Project == project).OrderByDescending(j => j.CreatedAt).Take(ListedJobs).ToListAsync(ct);
        return [.. jobs.Select(JobSummary.Of)];
    }

    private static async Task<JobView> GetAsync(string project, Guid id, IDbContextFactory<MedGanDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var job = await FindAsync(db, project, id, ct);
        var log = await db.JobLogs.AsNoTracking().Where(l => l.JobId == id).OrderByDescending(l => l.Id).Take(ListedLines)
            .Select(l => new JobLogLine(l.Id, l.At, l.Line)).ToListAsync(ct);
        log.Reverse();
        return JobView.Of(job, log);
    }

    private static async Task<IResult> EventsAsync(
        string project, Guid id, HttpRequest request, IDbContextFactory<MedGanDb> databases, JobEvents events, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            await FindAsync(db, project, id, ct);
        }
        var lastLine = 0L;
        if (request.Headers["Last-Event-ID"] is [{ Length: > 0 } header] && !(long.TryParse(header, out lastLine) && lastLine >= 0))
        {
            throw RefusedException.BadRequest("The Last-Event-ID is not valid", "It must be the id of an event of this stream.");
        }
        return new EventStream(stop => events.FollowAsync(id, lastLine, stop), lifetime.ApplicationStopping);
    }

    private static async Task<IResult> CancelAsync(
        string project, Guid id, HttpContext http, IDbContextFactory<MedGanDb> databases, JobQueue queue, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var job = await FindAsync(db, project, id, ct);
        if (job.IsFinal)
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "The job has ended", "A job in a final state cannot be cancelled.");
        }
        await queue.CancelAsync(project, id, http.User.Actor(), ct);
        return Results.Accepted($"/projects/{project}/jobs/{id}");
    }

    private static async Task<JobRecord> FindAsync(MedGanDb db, string project, Guid id, CancellationToken ct) =>
        await db.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Project == project && j.Id == id, ct) ?? throw RefusedException.NotFound("job");
}
