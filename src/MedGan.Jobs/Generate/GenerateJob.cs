using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Train;
using MedGan.Storage.Audit;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Generate;

/// <summary>Generate: every series of the training's snapshot that its model can translate becomes one of the other modality, as a whole volume, into quarantine.</summary>
internal sealed class GenerateJob(SyntheticSets sets, JobQueue queue, DataFiles files, ComputeDevice device) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var (set, training, snapshot) = await sets.ReadAsync(lease.Request<GenerateRequest>().SetId, ct);
        var series = await GenerateAsync(lease, set, training, snapshot, ct);
        await lease.CompleteAsync(
            new { set = set.Id, series = series.Count, slices = series.Sum(s => s.WithheldCount) },
            async (db, audit) =>
            {
                await db.SyntheticSeries.Where(s => s.SetId == set.Id).ExecuteDeleteAsync(ct);
                db.SyntheticSeries.AddRange(series);
                var row = await db.SyntheticSets.SingleAsync(s => s.Id == set.Id, ct);
                row.State = SyntheticSetState.Judging;
                SyntheticSets.AddJob(row, JobKind.PrivacyGate, queue.Add(db, set.Project, JobKind.PrivacyGate, new PrivacyGateRequest(set.Id), lease.Actor, lease.Correlation));
                audit.Append(AuditActions.SetGenerated, new { set = set.Id, training = training.Id, series = series.Count, slices = series.Sum(s => s.WithheldCount) });
            }, ct);
    }

    private async Task<List<SyntheticSeriesRecord>> GenerateAsync(
        JobLease lease, SyntheticSetRecord set, TrainingRecord training, CohortSnapshot snapshot, CancellationToken ct)
    {
        using var model = files.NewFolder();
        await files.PullAsync(training.ModelPath!, model.Path, ct);
        await using var progress = new JobProgress(lease, ct);
        return await Task.Run(() =>
        {
            using var translations = ModelTranslations.Load(model.Path, training.Source(), device.Name);
            var synthesis = new SyntheticVolume(translations);
            SnapshotSeries[] sources = [.. snapshot.Series.Where(series => translations.Takes(series.Modality))];
            var names = new SyntheticNames(set.Id, snapshot);
            var rows = new List<SyntheticSeriesRecord>();
            foreach (var source in sources)
            {
                progress.Post((double)rows.Count / sources.Length, $"series {rows.Count + 1} of {sources.Length}");
                var synthetic = synthesis.From(files.ReadVolume(source.VolumePath), progress.Stopped);
                var path = $"{DataFiles.QuarantineFolder(lease.Id)}/{names.Id(source):N}.volume";
                files.Write(lease, path, stream => VolumeFile.Write(synthetic, stream), progress.Stopped);
                rows.Add(Row(set, source, names, synthetic, path));
            }
            return rows;
        }, ct);
    }

    private SyntheticSeriesRecord Row(SyntheticSetRecord set, SnapshotSeries source, SyntheticNames names, Volume synthetic, string path) => new()
    {
        Id = names.Id(source),
        SetId = set.Id,
        SourceSeriesId = source.Id,
        SourcePatientPseudonym = source.Patient,
        SourceSplit = source.Split,
        TargetModality = synthetic.Modality.ToString(),
        StudyInstanceUid = names.Study(source),
        SeriesInstanceUid = names.Series(source),
        SyntheticPatientId = names.Patient(source),
        WithheldCount = synthetic.Geometry.Slices, // until the gate says otherwise
        QuarantinePath = path,
    };
}
