using MedGan.Dicom.Volumes;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Train;

/// <summary>Fixes a training's data once: a training that is started again after a crash sees what it saw before, whatever was uploaded meanwhile.</summary>
internal sealed class Snapshots(IDbContextFactory<MedGanDb> dbs)
{
    /// <summary>The stored snapshot, or a new one - stored under the lease - of the series that are ready now.</summary>
    public async Task<CohortSnapshot> FixAsync(JobLease lease, TrainingRecord training, long seed, CancellationToken ct)
    {
        if (training.SnapshotJson is { } stored) return StorageJson.Read<CohortSnapshot>(stored);
        var snapshot = await TakeAsync(training, seed, ct);
        await lease.WriteAsync(async (db, _) =>
        {
            var row = await db.Trainings.SingleAsync(t => t.Id == training.Id, ct);
            row.SnapshotJson = StorageJson.Write(snapshot);
            row.SnapshotSha256 = snapshot.Sha256();
        }, ct);
        return snapshot;
    }

    private async Task<CohortSnapshot> TakeAsync(TrainingRecord training, long seed, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var (cts, mrs) = (await ReadyAsync(db, training, Modality.CT, ct), await ReadyAsync(db, training, Modality.MR, ct));
        var parts = CohortSplit.Of(cts.Select(s => s.PatientPseudonym), mrs.Select(s => s.PatientPseudonym), seed);
        var all = new List<SnapshotSeries>();
        foreach (var series in cts.Concat(mrs))
        {
            var instances = await db.Instances.Where(i => i.SeriesId == series.Id).OrderBy(i => i.SopInstanceUid)
                .Select(i => new SnapshotInstance(i.SopInstanceUid, i.Sha256)).ToListAsync(ct);
            all.Add(new SnapshotSeries(
                series.Id, Enum.Parse<Modality>(series.Modality), series.PatientPseudonym, series.StudyInstanceUid,
                parts[series.PatientPseudonym], series.VolumePath!, instances));
        }
        return new CohortSnapshot(all);
    }

    private static async Task<IReadOnlyList<SeriesRecord>> ReadyAsync(MedGanDb db, TrainingRecord training, Modality modality, CancellationToken ct)
    {
        var (name, cohort) = (modality.ToString(), modality == Modality.CT ? training.CtCohort : training.MrCohort);
        var ready = await db.Series.Where(s => s.Project == training.Project && s.Cohort == cohort && s.Modality == name
            && s.State == SeriesState.Ready && s.VolumePath != null).ToListAsync(ct);
        if (ready.Count == 0)
            throw new JobFailedException($"Cohort {cohort} has no {name} series that is ready to train on; upload one, or see why those uploaded were rejected.");
        // Sorted by what does not depend on the order of upload.
        return [.. ready.OrderBy(s => s.SeriesInstanceUid, StringComparer.Ordinal)];
    }
}
