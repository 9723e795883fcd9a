using MedGan.Jobs.Generate;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Monai;

/// <summary>ExportPayload: what was released of a set is put into the gateway's bucket, and the gateway is asked to send it on.</summary>
internal sealed class ExportPayloadJob(SyntheticSets sets, ReleaseStore store, OutboxStore outbox, GatewayBucket bucket, GatewayOptions options) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var set = lease.Request<ExportPayloadRequest>().SetId;
        if (!options.Exports.TryGetValue(lease.Project, out var destinations)) throw new JobFailedException("The settings of this worker name no destination for the project's exports.");
        var released = await sets.ReleasedAsync(set, ct);
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
}
