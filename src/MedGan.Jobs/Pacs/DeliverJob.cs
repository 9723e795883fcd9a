using MedGan.Jobs.Generate;
using MedGan.Jobs.Messages;
using MedGan.Storage.Audit;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Pacs;

/// <summary>
/// Deliver: what was released of a set goes to a picture archive by STOW-RS, until the archive has acknowledged every instance. What it
/// has acknowledged is noted, so that a further try sends only the rest; an instance that is there already counts as acknowledged.
/// </summary>
internal sealed class DeliverJob(IDbContextFactory<MedGanDb> dbs, SyntheticSets sets, ReleaseStore store, OutboxStore outbox, PacsClient client) : IJobHandler
{
    private const int AtOnce = 32;

    /// <summary>Out of resources, processing failure: these may pass (PS3.18 table I.2-2).</summary>
    private static bool MayPass(int reason) => reason is 0 or 0x0110 or (>= 0xA700 and <= 0xA7FF);

    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var request = lease.Request<DeliverRequest>();
        var archive = client.Archive(request.Pacs, lease.Project);
        var released = await sets.ReleasedAsync(request.SetId, ct);
        var there = await DeliveredAsync(lease.Id, ct);
        var failed = new Dictionary<string, int>();
        foreach (var batch in released.Where(r => !there.Contains(r.SopInstanceUid)).Chunk(AtOnce))
        {
            await lease.ReportAsync((double)there.Count / released.Count, $"{there.Count} of {released.Count} instances", ct);
            var answer = await SendAsync(archive, batch, ct);
            var stored = answer.Stored.Intersect(batch.Select(r => r.SopInstanceUid)).ToList();
            await NoteAsync(lease, stored, ct);
            there.UnionWith(stored);
            foreach (var (uid, reason) in answer.Failed) failed[uid] = reason;
        }
        if (there.Count < released.Count) throw NotAll(archive, released.Count - there.Count, failed);
        await lease.CompleteAsync(new { set = request.SetId, pacs = archive.Name, instances = released.Count }, (db, audit) =>
        {
            audit.Append(AuditActions.SetDelivered, new { set = request.SetId, pacs = archive.Name, instances = released.Count });
            outbox.Add(db, lease.Project, lease.Correlation, new SyntheticSetDelivered(lease.Project, request.SetId, archive.Name, released.Count));
            return Task.CompletedTask;
        }, ct);
    }

    private async Task<StowAcknowledgement> SendAsync(PacsArchive archive, IReadOnlyList<ReleasedRecord> batch, CancellationToken ct)
    {
        try
        {
            return await client.StoreAsync(archive, [.. batch.Select(one => (Func<CancellationToken, Task<Stream>>)(token => store.OpenAsync(one, token)))], ct);
        }
        catch (TransientJobException e)
        {
            throw new TransientJobException(e.Message, e) { UntilItPasses = true };
        }
    }

    private static JobFailedException NotAll(PacsArchive archive, int missing, Dictionary<string, int> failed) => failed.Values.Where(reason => !MayPass(reason)).Distinct().Order().ToList() is { Count: > 0 } reasons
        ? new JobFailedException($"The PACS {archive.Name} refuses {failed.Values.Count(reason => !MayPass(reason))} of the instances (failure reason {string.Join(", ", reasons.Select(r => r.ToString("X4")))}).")
        : new TransientJobException($"The PACS {archive.Name} has not acknowledged {missing} of the instances yet.") { UntilItPasses = true };

    private async Task<HashSet<string>> DeliveredAsync(Guid job, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return [.. await db.Delivered.Where(d => d.JobId == job).Select(d => d.SopInstanceUid).ToListAsync(ct)];
    }

    private static Task NoteAsync(JobLease lease, IReadOnlyList<string> stored, CancellationToken ct) => lease.WriteAsync((db, _) =>
    {
        db.Delivered.AddRange(stored.Select(uid => new DeliveredRecord { JobId = lease.Id, SopInstanceUid = uid }));
        return Task.CompletedTask;
    }, ct);
}
