using System.Data.Common;
using FellowOakDicom;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Messages;
using MedGan.Storage;
using MedGan.Storage.Audit;
using MedGan.Storage.Database;
using MedGan.Storage.Objects;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Ingest;

/// <summary>Ingest: each stored series becomes a checked volume with a preview, or is rejected with a reason. One bad series does not hold up the others.</summary>
internal sealed partial class IngestJob(
    IDbContextFactory<MedGanDb> dbs, CohortStore store, OutboxStore outbox, DataFiles files, ILogger<IngestJob> log) : IJobHandler
{
    public async Task HandleAsync(JobLease lease, CancellationToken ct)
    {
        var request = lease.Request<IngestRequest>();
        var (ready, rejected) = (0, 0);
        for (var i = 0; i < request.SeriesIds.Count; i++)
        {
            await lease.ReportAsync((double)i / request.SeriesIds.Count, $"series {i + 1} of {request.SeriesIds.Count}", ct);
            if (await FindAsync(request, request.SeriesIds[i], ct) is not { } series) continue;
            // What an earlier start of this job has settled stays settled, and is audited once. An upload that adds to a series unsettles it.
            var good = series.State == SeriesState.Received ? await IngestAsync(lease, series, ct) is null : series.State == SeriesState.Ready;
            if (good) ready++;
            else rejected++;
        }
        await lease.CompleteAsync(new { cohort = request.Cohort, ready, rejected }, async (db, _) =>
        {
            foreach (var message in await EventsAsync(db, request, ct)) outbox.Add(db, request.Project, lease.Correlation, message);
        }, ct);
    }

    /// <summary>One for each study of the upload. A series that more has come for meanwhile is in the events of that upload's job.</summary>
    private static async Task<IEnumerable<object>> EventsAsync(MedGanDb db, IngestRequest request, CancellationToken ct)
    {
        var settled = await db.Series.AsNoTracking().Where(s => request.SeriesIds.Contains(s.Id) && s.State != SeriesState.Received).OrderBy(s => s.SeriesInstanceUid).ToListAsync(ct);
        return settled.GroupBy(s => s.StudyInstanceUid).OrderBy(g => g.Key, StringComparer.Ordinal).Select(study => study.Any(s => s.State == SeriesState.Ready)
            ? (object)new StudyIngested(request.Project, request.Cohort, study.Key, [.. study.Select(s => new IngestedSeries(s.Id, s.SeriesInstanceUid, s.Modality, s.InstanceCount, s.Reason))])
            : new StudyRejected(request.Project, request.Cohort, study.Key, [.. study.Select(s => s.Reason ?? "")]));
    }

    /// <summary>Stores the volume and the preview, and returns null; or the reason why there is none.</summary>
    private async Task<string?> IngestAsync(JobLease lease, SeriesRecord series, CancellationToken ct)
    {
        var (reading, reason) = await ReadAsync(series, ct);
        if (reading is not null) await AcceptAsync(lease, series, reading, ct);
        else await RejectAsync(lease, series, reason!, ct);
        return reason;
    }

    private async Task<(VolumeReading? Reading, string? Reason)> ReadAsync(SeriesRecord series, CancellationToken ct)
    {
        try
        {
            var reading = VolumeReader.Read(await OpenAsync(series, ct));
            return TrainingFitness.WhyNot(reading.Volume) is { } why ? (null, why) : (reading, null);
        }
        catch (SeriesRejectedException e)
        {
            return (null, e.Detail);
        }
        catch (ObjectDamagedException e)
        {
            return (null, e.Message);
        }
        // Whatever an upload holds: the series beside it are still read. What is no fault of the upload is no reason to reject it.
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or DbException or ObjectStoreUnavailableException or ObjectKeyMissingException)
            && !Transient.IsCauseOf(e))
        {
            DecoderBroke(log, series.Id, e.GetType().FullName ?? e.GetType().Name, e.StackTrace ?? "");
            return (null, "The images cannot be decoded; the worker's log has the details.");
        }
    }

    private async Task AcceptAsync(JobLease lease, SeriesRecord series, VolumeReading reading, CancellationToken ct)
    {
        var folder = DataFiles.WorkFolder(lease.Id);
        var (volume, preview) = ($"{folder}/{series.Id:N}.volume", $"{folder}/{series.Id:N}.png");
        var png = SeriesPreview.Png(reading.Volume);
        await files.WriteAsync(lease, [(volume, stream => VolumeFile.Write(reading.Volume, stream)), (preview, stream => stream.Write(png))], ct);
        await lease.WriteAsync(async (db, audit) =>
        {
            var row = await db.Series.SingleAsync(s => s.Id == series.Id, ct);
            if (row.InstanceCount != series.InstanceCount) return; // more has come since; the job of that upload sees the whole series
            (row.State, row.Reason) = (SeriesState.Ready, null);
            (row.VolumePath, row.PreviewPath) = (volume, preview);
            row.Notes = StorageJson.Write(reading.Notes);
            audit.Append(AuditActions.SeriesIngested, new
            {
                cohort = series.Cohort,
                series = series.Id,
                modality = series.Modality,
                instances = series.InstanceCount,
                slices = reading.Volume.Geometry.Slices,
            });
        }, ct);
    }

    private static Task RejectAsync(JobLease lease, SeriesRecord series, string reason, CancellationToken ct) => lease.WriteAsync(async (db, audit) =>
    {
        var row = await db.Series.SingleAsync(s => s.Id == series.Id, ct);
        (row.State, row.Reason) = (SeriesState.Rejected, reason);
        (row.VolumePath, row.PreviewPath) = (null, null);
        audit.Append(AuditActions.SeriesRejected, new { cohort = series.Cohort, series = series.Id, modality = series.Modality, reason });
    }, ct);

    private async Task<IReadOnlyList<DicomFile>> OpenAsync(SeriesRecord series, CancellationToken ct)
    {
        var instances = new List<DicomFile>();
        await foreach (var stream in store.OpenAsync(series.Id, ct))
            await using (stream)
                instances.Add(await DicomFile.OpenAsync(stream, FileReadOption.ReadAll));
        return instances;
    }

    private async Task<SeriesRecord?> FindAsync(IngestRequest request, Guid id, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.Series.AsNoTracking().SingleOrDefaultAsync(
            s => s.Id == id && s.Project == request.Project && s.Cohort == request.Cohort, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Series {Series} cannot be decoded: {Kind}\n{Stack}")]
    private static partial void DecoderBroke(ILogger log, Guid series, string kind, string stack);
}
