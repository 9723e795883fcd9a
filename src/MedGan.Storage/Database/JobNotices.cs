using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MedGan.Storage.Database;

/// <summary>Tells whoever listens which jobs a transaction changes: NOTIFY, which PostgreSQL sends when the transaction commits.</summary>
internal sealed class JobNotices : SaveChangesInterceptor
{
    public const string Channel = "medgan_jobs";

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is MedGanDb db)
        {
            foreach (var job in Changed(db)) await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Channel}, {job.ToString("N")})", cancellationToken);
        }
        return result;
    }

    private static List<Guid> Changed(MedGanDb db)
    {
        var jobs = db.ChangeTracker.Entries<JobRecord>().Where(e => e.State is EntityState.Added or EntityState.Modified).Select(e => e.Entity.Id);
        var lines = db.ChangeTracker.Entries<JobLogRecord>().Where(e => e.State == EntityState.Added).Select(e => e.Entity.JobId);
        return [.. jobs.Concat(lines).Distinct()];
    }
}
