using System.Data.Common;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Train;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage;
using MedGan.Storage.Audit;
using MedGan.Storage.Keys;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>
/// PrivacyGate: every generated slice is released, with a seal, or withheld, with the reasons. Fails closed: whatever goes
/// wrong on the way, the set ends withheld and is published as a report without images.
/// </summary>
internal sealed partial class PrivacyGateJob(
    SyntheticSets sets, JobQueue queue, DataFiles files, KeyRing keys, TimeProvider clock, ILogger<PrivacyGateJob> log) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var (set, training, snapshot) = await sets.ReadAsync(lease.Request<PrivacyGateRequest>().SetId, ct);
        var series = await sets.SeriesAsync(set.Id, ct);
        var judged = await JudgeAsync(lease, set, training, snapshot, series, ct);
        var seals = SealsBySeries(judged);
        // A series without a seal gets an empty list, over whatever an earlier, interrupted judgement stored.
        var stored = series.Select(one => Seals.File(one.QuarantinePath!, seals[one.Id])).ToList();
        if (judged.Pairs is { } png) stored.Add((DataFiles.NearestPairs(lease.Id), stream => stream.Write(png)));
        await files.WriteAsync(lease, stored, ct);
        await StoreAsync(lease, set, judged, ct);
        QueueTelemetry.Judged(judged.Report.Released, judged.Report.Withheld);
    }

    private async Task<JudgedSet> JudgeAsync(
        JobLease lease, SyntheticSetRecord set, TrainingRecord training, CohortSnapshot snapshot, IReadOnlyList<SyntheticSeriesRecord> series, CancellationToken ct)
    {
        using var encoder = files.NewFolder();
        await using var progress = new JobProgress(lease, ct);
        try
        {
            await files.PullAsync($"{training.ModelPath}/{DataFiles.EncoderFile}", encoder.Path, ct);
            var judge = new SetJudge(set, training, snapshot, series, files, GateKey.FromBytes(keys.Gate()), clock);
            return await Task.Run(() => judge.Judge(Path.Combine(encoder.Path, DataFiles.EncoderFile), progress), ct);
        }
        // A store or database that is away is no verdict: the job fails, and can be run again.
        catch (Exception e) when (!progress.Stopped.IsCancellationRequested && e is not (ObjectStoreUnavailableException or ObjectKeyMissingException or DbException))
        {
            GateBroke(log, lease.Id, set.Id, e.GetType().FullName ?? e.GetType().Name, e.StackTrace ?? "");
            var why = $"The privacy gate could not be run (an error of the kind {e.GetType().Name}), so nothing of this set is released.";
            return new JudgedSet(SetJudge.NothingReleased(set, series, why, clock.GetUtcNow()), [], [], Pairs: null);
        }
    }

    private async Task StoreAsync(JobLease lease, SyntheticSetRecord set, JudgedSet judged, CancellationToken ct)
    {
        var withheld = judged.Withheld.Select(image => (Id: ImageId.Parse(image.ImageId), Image: image)).ToLookup(w => w.Id.Series);
        var released = judged.Released.Select(image => ImageId.Parse(image.ImageId)).ToLookup(id => id.Series);
        await lease.CompleteAsync(
            new { set = set.Id, released = judged.Report.Released, withheld = judged.Report.Withheld },
            async (db, audit) =>
            {
                var rows = await db.SyntheticSeries.Where(s => s.SetId == set.Id).ToListAsync(ct);
                var ids = rows.Select(s => s.Id).ToList();
                await db.Withheld.Where(w => ids.Contains(w.SyntheticSeriesId)).ExecuteDeleteAsync(ct);
                foreach (var row in rows)
                {
                    // Where the gate said nothing of an image, it stays withheld, as it has been since it was generated.
                    var all = row.ReleasedCount + row.WithheldCount;
                    (row.ReleasedCount, row.WithheldCount) = (released[row.Id].Count(), all - released[row.Id].Count());
                    if (withheld[row.Id].Any()) Withhold(db, audit, set, row, [.. withheld[row.Id]]);
                }
                var setRow = await db.SyntheticSets.SingleAsync(s => s.Id == set.Id, ct);
                setRow.State = SyntheticSetState.Publishing;
                setRow.ReportJson = judged.Report.ToJson();
                SyntheticSets.AddJob(setRow, JobKind.Publish, queue.Add(db, set.Project, JobKind.Publish, new PublishRequest(set.Id), lease.Actor, lease.Correlation));
                audit.Append(AuditActions.SetJudged, new
                {
                    set = set.Id,
                    released = judged.Report.Released,
                    withheld = judged.Report.Withheld,
                    certified = judged.Report.Modalities.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.Certified),
                });
            }, ct);
    }

    private static void Withhold(
        MedGanDb db, AuditWriter audit, SyntheticSetRecord set, SyntheticSeriesRecord series, IReadOnlyList<(ImageId Id, WithheldInstance Image)> images)
    {
        db.Withheld.AddRange(images.Select(w => new WithheldRecord
        {
            SyntheticSeriesId = series.Id,
            SliceIndex = w.Id.Slice,
            ReasonsJson = StorageJson.Write(w.Image.Reasons),
            EvidenceJson = StorageJson.Write(w.Image.Evidence),
        }));
        audit.Append(AuditActions.ImageWithheld, new
        {
            set = set.Id,
            series = series.Id,
            modality = series.TargetModality,
            images = images.Select(w => new { slice = w.Id.Slice, nearest = w.Image.Evidence.NearestTrainingId, reasons = w.Image.Reasons }),
        });
    }

    private static ILookup<Guid, SliceSeal> SealsBySeries(JudgedSet judged) => judged.Released
        .Select(image => (Id: ImageId.Parse(image.ImageId), image.Seal))
        .ToLookup(image => image.Id.Series, image => new SliceSeal(image.Id.Slice, image.Seal));

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job}: the privacy gate could not be run on set {Set}, which stays withheld: {Kind}\n{Stack}")]
    private static partial void GateBroke(ILogger log, Guid job, Guid set, string kind, string stack);
}
