using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Monai;

/// <summary>ExportPayload: what was released of a set is put into the gateway's bucket, and the gateway is asked to send it on.</summary>
internal sealed class ExportPayloadJob(IDbContextFactory<MedGanDb> dbs, ReleaseStore store, OutboxStore outbox, GatewayBucket bucket, GatewayOptions options) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var set = lease.Request<ExportPayloadRequest>().SetId;
        if (!options.Exports.TryGetValue(lease.Project, out var destinations)) throw new JobFailedException("The settings of this worker name no destination for the project's exports.");
        var released = await ReleasedAsync(set, ct);
        var files = new List<string>();
        foreach (var instance in released)
        {
            await lease.ReportAsync((double)files.Count / released.Count, $"{files.Count} of {released.Count} instances", ct);
            var name = $"medgan/{set}/{instance.SopInstanceUid}.dcm";
            await using (var content = await store.OpenAsync(instance, ct)) await bucket.PutAsync(name, content, ct);
            files.Add(name);
        }
        await lease.CompleteAsync(new { set, destinations, instances = files.Count }, (db, _) =>
        {
            outbox.Add(db, lease.Project, lease.Correlation, new ExportRequest(set.ToString(), lease.Id.ToString(), files, destinations, lease.Correlation.ToString()));
            return Task.CompletedTask;
        }, ct);
    }

    private async Task<IReadOnlyList<ReleasedRecord>> ReleasedAsync(Guid set, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var series = db.SyntheticSeries.Where(s => s.SetId == set).Select(s => s.Id);
        return await db.Released.AsNoTracking().Where(r => series.Contains(r.SyntheticSeriesId)).OrderBy(r => r.SopInstanceUid).ToListAsync(ct);
    }
}
