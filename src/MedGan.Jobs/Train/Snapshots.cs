using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Models.Training;
using MedGan.Models.Training.Paired;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Train;

/// <summary>Fixes a training's data once: a training that is started again after a crash sees what it saw before, whatever was uploaded meanwhile.</summary>
internal sealed class Snapshots(IDbContextFactory<MedGanDb> dbs, DataFiles files)
{
    /// <summary>The stored snapshot, or a new one - stored under the lease - of the series that are ready now; where the plan learns from pairs, of those that have a partner.</summary>
    /// <exception cref="JobFailedException">A cohort is empty, or there is no pair.</exception>
    public async Task<CohortSnapshot> FixAsync(JobLease lease, TrainingRecord training, TrainingPlan plan, CancellationToken ct)
    {
        if (training.SnapshotJson is { } stored) return StorageJson.Read<CohortSnapshot>(stored);
        var snapshot = await TakeAsync(training, plan, ct);
        await lease.WriteAsync(async (db, _) =>
        {
            var row = await db.Trainings.SingleAsync(t => t.Id == training.Id, ct);
            row.SnapshotJson = StorageJson.Write(snapshot);
            row.SnapshotSha256 = snapshot.Sha256();
        }, ct);
        return snapshot;
    }

    private async Task<CohortSnapshot> TakeAsync(TrainingRecord training, TrainingPlan plan, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var (cts, mrs) = (await ReadyAsync(db, training, Modality.CT, ct), await ReadyAsync(db, training, Modality.MR, ct));
        var registered = new Dictionary<Guid, Guid>(); // target to source
        if (plan is PairedTranslationPlan)
        {
            registered = Registered(training, plan, training.Source() == Modality.CT ? (cts, mrs) : (mrs, cts));
            IReadOnlyList<SeriesRecord> InPairs(IReadOnlyList<SeriesRecord> series) => [.. series.Where(s => registered.ContainsKey(s.Id) || registered.ContainsValue(s.Id))];
            (cts, mrs) = (InPairs(cts), InPairs(mrs));
        }
        var parts = CohortSplit.Of(cts.Select(s => s.PatientPseudonym), mrs.Select(s => s.PatientPseudonym), plan.Seed);
        var all = new List<SnapshotSeries>();
        foreach (var series in cts.Concat(mrs))
        {
            var instances = await db.Instances.Where(i => i.SeriesId == series.Id).OrderBy(i => i.SopInstanceUid)
                .Select(i => new SnapshotInstance(i.SopInstanceUid, i.Sha256)).ToListAsync(ct);
            all.Add(new SnapshotSeries(
                series.Id, Enum.Parse<Modality>(series.Modality), series.PatientPseudonym, series.StudyInstanceUid,
                parts[series.PatientPseudonym], series.VolumePath!, instances, registered.TryGetValue(series.Id, out var source) ? source : null));
        }
        return new CohortSnapshot(all);
    }

    // series of one patient on the same voxels; each is in one pair at most
    private Dictionary<Guid, Guid> Registered(TrainingRecord training, TrainingPlan plan, (IReadOnlyList<SeriesRecord> Sources, IReadOnlyList<SeriesRecord> Targets) series)
    {
        var pairs = new Dictionary<Guid, Guid>();
        foreach (var patient in series.Sources.GroupBy(s => s.PatientPseudonym))
        {
            var free = series.Targets.Where(s => s.PatientPseudonym == patient.Key).Select(s => (s.Id, Geometry: files.ReadGeometry(s.VolumePath!))).ToList();
            foreach (var source in patient)
            {
                if (free.Count == 0) break;
                var geometry = files.ReadGeometry(source.VolumePath!);
                var at = free.FindIndex(target => target.Geometry.LiesOn(geometry));
                if (at < 0) continue;
                pairs.Add(free[at].Id, source.Id);
                free.RemoveAt(at);
            }
        }
        if (pairs.Count > 0) return pairs;
        var both = series.Sources.Select(s => s.PatientPseudonym).Intersect(series.Targets.Select(s => s.PatientPseudonym)).Count();
        throw new JobFailedException(
            $"The method {plan.Method} learns from registered pairs - a CT and an MR series of one patient, on the same voxels - and cohorts {training.CtCohort} and {training.MrCohort} have none; " +
            $"{both} {(both == 1 ? "patient is" : "patients are")} in both. Register the series and resample one onto the other before they are uploaded, or train by cyclegan, cut or fastcut, which need no pairs.");
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
