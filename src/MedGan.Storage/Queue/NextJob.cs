using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Queue;

/// <summary>Which job of a queue comes next.</summary>
internal static class NextJob
{
    private static readonly TimeSpan ShareWindow = TimeSpan.FromHours(24);

    /// <summary>What may be started: queued and due, or running with nobody at it any more.</summary>
    public static IQueryable<JobRecord> Due(MedGanDb db, DateTimeOffset now, TimeSpan leaseTimeout)
    {
        var lost = now - leaseTimeout;
        return db.Jobs.Where(j =>
            (j.State == JobState.Queued && (j.NotBefore == null || j.NotBefore <= now))
            || (j.State == JobState.Running && (j.HeartbeatAt == null || j.HeartbeatAt < lost)));
    }

    /// <summary>
    /// What a worker has left lying first; then by priority; then the project that had the queue's workers for the shortest time within
    /// a day, so that one that queues a thousand jobs does not keep the others waiting; then by age.
    /// </summary>
    public static async Task<JobRecord?> ChooseAsync(MedGanDb db, WorkQueue queue, DateTimeOffset now, QueueOptions options, CancellationToken ct)
    {
        var due = await Due(db, now, options.LeaseTimeout).Where(j => j.Queue == queue).AsNoTracking()
            .Select(j => new { j.Id, j.Project, j.Priority, j.CreatedAt, j.State }).ToListAsync(ct);
        if (due.Count == 0) return null;
        var lost = now - options.LeaseTimeout;
        var running = await db.Jobs.Where(j => j.Queue == queue && j.State == JobState.Running && j.HeartbeatAt >= lost)
            .GroupBy(j => j.Project).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        var used = await UsedAsync(db, queue, now, ct);
        var next = due
            .Where(j => options.RunningPerProject == 0 || running.GetValueOrDefault(j.Project) < options.RunningPerProject)
            .OrderByDescending(j => j.State == JobState.Running)
            .ThenByDescending(j => j.Priority)
            .ThenBy(j => used.GetValueOrDefault(j.Project))
            .ThenBy(j => j.CreatedAt).ThenBy(j => j.Id)
            .FirstOrDefault();
        return next is null ? null : await db.Jobs.SingleAsync(j => j.Id == next.Id, ct);
    }

    private static async Task<Dictionary<string, double>> UsedAsync(MedGanDb db, WorkQueue queue, DateTimeOffset now, CancellationToken ct)
    {
        var since = now - ShareWindow;
        var spans = await db.Jobs.AsNoTracking()
            .Where(j => j.Queue == queue && j.StartedAt != null && (j.State == JobState.Running || j.FinishedAt > since))
            .Select(j => new { j.Project, j.StartedAt, j.FinishedAt }).ToListAsync(ct);
        return spans.GroupBy(s => s.Project).ToDictionary(
            g => g.Key, g => g.Sum(s => Math.Max(0, ((s.FinishedAt ?? now) - (s.StartedAt > since ? s.StartedAt.Value : since)).TotalSeconds)));
    }
}
