using MedGan.Jobs.Generate;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Messages;
using MedGan.Jobs.PrivacyGate;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage;
using MedGan.Storage.Audit;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Publish;

/// <summary>
/// Publish: every slice that carries the gate's seal becomes a synthetic DICOM instance, and the set one archive.
/// Every step can be repeated: the same set gives the same instances, the same archive, and one word in the audit log.
/// </summary>
internal sealed class PublishJob(
    SyntheticSets sets, ReleaseStore store, IDbContextFactory<MedGanDb> dbs, OutboxStore outbox, JobQueue queue, StorageOptions options, DataFiles files, KeyRing keys) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var (set, training, _) = await sets.ReadAsync(lease.Request<PublishRequest>().SetId, ct);
        var series = await sets.SeriesAsync(set.Id, ct);
        var sheet = new SetContactSheet();
        for (var i = 0; i < series.Count; i++)
        {
            await lease.ReportAsync(0.9 * i / series.Count, $"series {i + 1} of {series.Count}", ct);
            await ReleaseAsync(lease, new SyntheticFiles(set, training), series[i], SeriesNumber(series, i), sheet, ct);
        }
        await lease.ReportAsync(0.9, "writing the archive", ct);
        var released = await ReleasedAsync(series, ct);
        await files.WriteAsync(lease, DataFiles.Archive(set.Id), Archive(set, training, released, sheet).WriteTo, ct);
        await CompleteAsync(lease, set, released, ct);
        await RemoveQuarantineAsync(series, ct);
    }

    /// <summary>Opens every seal of a series against the pixels that are about to be written, then stores the instances together.</summary>
    private async Task ReleaseAsync(
        JobLease lease, SyntheticFiles writer, SyntheticSeriesRecord series, int seriesNumber, SetContactSheet sheet, CancellationToken ct)
    {
        if (await Seals.ReadAsync(files, series.QuarantinePath!, ct) is not { Count: > 0 } seals) return;
        var key = GateKey.FromBytes(keys.Gate());
        var volume = files.ReadVolume(series.QuarantinePath!);
        int[] slices = [.. seals.Select(seal => seal.Slice)];
        try
        {
            await store.PutAsync(
                [.. writer.Write(volume, slices, series, seriesNumber).Zip(seals, (file, seal) =>
                    (Reopen(key, series.Id, seal, ReleaseStore.ContentOf(file.Dataset)), file))],
                series.Id, lease, ct);
        }
        catch (SealBrokenException e)
        {
            throw new JobFailedException($"The quarantined images of series {series.Id} are not those that the privacy gate judged; the series was not published.", e);
        }
        sheet.Add(series.SyntheticPatientId, volume, slices);
    }

    /// <summary>A seal speaks of one image: two slices of the same content do not lend each other theirs.</summary>
    private static ReleasedInstance Reopen(GateKey key, Guid series, SliceSeal seal, byte[] content)
    {
        var released = ReleaseGate.Reopen(key, seal.Seal, content);
        return released.ImageId == new ImageId(series, seal.Slice).ToString() ? released : throw new SealBrokenException("The seal is of another image.");
    }

    /// <summary>What the store holds of the set: the archive is made of nothing else.</summary>
    private async Task<IReadOnlyList<(SyntheticSeriesRecord Series, IReadOnlyList<ReleasedRecord> Instances)>> ReleasedAsync(
        IReadOnlyList<SyntheticSeriesRecord> series, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var released = new List<(SyntheticSeriesRecord, IReadOnlyList<ReleasedRecord>)>();
        foreach (var one in series)
            released.Add((one, await db.Released.AsNoTracking().Where(r => r.SyntheticSeriesId == one.Id).OrderBy(r => r.InstanceNumber).ToListAsync(ct)));
        return released;
    }

    private SetArchive Archive(
        SyntheticSetRecord set, TrainingRecord training, IReadOnlyList<(SyntheticSeriesRecord Series, IReadOnlyList<ReleasedRecord> Instances)> released, SetContactSheet sheet)
    {
        var archive = new SetArchive(set.CreatedAt);
        for (var i = 0; i < released.Count; i++)
            foreach (var instance in released[i].Instances)
                archive.Add(
                    $"dicom/{released[i].Series.SyntheticPatientId}/{i + 1:000}-{released[i].Series.TargetModality}/{instance.InstanceNumber:0000}.dcm",
                    () => store.Open(instance));
        if (sheet.ToPng() is { } png) archive.Add("contact-sheet.png", png);
        archive.Add("model-card.json", training.CardJson!);
        archive.Add("model-card.md", training.CardMarkdown!);
        archive.Add("privacy-report.json", set.ReportJson!);
        archive.Add("privacy-report.md", PrivacyReport.FromJson(set.ReportJson!).ToMarkdown());
        return archive;
    }

    private async Task CompleteAsync(
        JobLease lease, SyntheticSetRecord set, IReadOnlyList<(SyntheticSeriesRecord Series, IReadOnlyList<ReleasedRecord> Instances)> released, CancellationToken ct)
    {
        var count = released.Sum(r => r.Instances.Count);
        var state = count > 0 ? SyntheticSetState.Released : SyntheticSetState.Withheld;
        await lease.CompleteAsync(new { set = set.Id, state, released = count }, async (db, audit) =>
        {
            var row = await db.SyntheticSets.SingleAsync(s => s.Id == set.Id, ct);
            (row.State, row.ArchivePath) = (state, DataFiles.Archive(set.Id));
            foreach (var series in await db.SyntheticSeries.Where(s => s.SetId == set.Id).ToListAsync(ct)) series.QuarantinePath = null;
            foreach (var (series, instances) in released.Where(r => r.Instances.Count > 0))
                audit.Append(AuditActions.ImageReleased, new { set = set.Id, series = series.Id, modality = series.TargetModality, slices = instances.Select(i => i.InstanceNumber - 1) });
            audit.Append(AuditActions.SetPublished, new { set = set.Id, state, released = count });
            outbox.Add(db, set.Project, lease.Correlation, EventOf(set, released));
            foreach (var archive in options.Pacs.All.Where(a => count > 0 && a.Takes(set.Project)))
                queue.Add(db, set.Project, JobKind.Deliver, new DeliverRequest(set.Id, archive.Name), lease.Actor, lease.Correlation);
            if (count > 0 && options.Gateway?.Exports.ContainsKey(set.Project) == true)
                queue.Add(db, set.Project, JobKind.ExportPayload, new ExportPayloadRequest(set.Id), lease.Actor, lease.Correlation);
        }, ct);
    }

    private static object EventOf(
        SyntheticSetRecord set, IReadOnlyList<(SyntheticSeriesRecord Series, IReadOnlyList<ReleasedRecord> Instances)> released)
    {
        var (count, withheld) = (released.Sum(r => r.Instances.Count), released.Sum(r => r.Series.WithheldCount));
        return count == 0
            ? new SyntheticSetWithheld(set.Project, set.Id, set.TrainingId, withheld)
            : new SyntheticSetReleased(set.Project, set.Id, set.TrainingId, count, withheld, [.. released.Where(r => r.Instances.Count > 0)
                .Select(r => new ReleasedSeries(r.Series.StudyInstanceUid, r.Series.SeriesInstanceUid, r.Series.TargetModality, r.Instances.Count))]);
    }

    /// <summary>What was withheld is not kept: nobody may look at it, so nobody needs it. <see cref="QuarantineSweep"/> removes what a crash leaves here.</summary>
    private async Task RemoveQuarantineAsync(IReadOnlyList<SyntheticSeriesRecord> series, CancellationToken ct)
    {
        foreach (var folder in series.Select(s => s.QuarantinePath![..s.QuarantinePath!.LastIndexOf('/')]).Distinct()) await files.RemoveAsync(folder, ct);
    }

    /// <summary>The number of a series within its study, from 1.</summary>
    private static int SeriesNumber(IReadOnlyList<SyntheticSeriesRecord> series, int index) =>
        1 + series.Take(index).Count(earlier => earlier.StudyInstanceUid == series[index].StudyInstanceUid);
}
