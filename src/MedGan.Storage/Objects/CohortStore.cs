using System.Runtime.CompilerServices;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Audit;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Objects;

/// <summary>What became of one instance.</summary>
public enum PutOutcome
{
    /// <summary>It is stored.</summary>
    Stored,
    /// <summary>The same content was there already.</summary>
    AlreadyStored,
    /// <summary>Other content has its identifier, or its series is of another patient, study or modality; it was not stored.</summary>
    Conflict,
}

/// <summary>What became of one instance, in the order they came. All identifiers are the replaced ones.</summary>
public sealed record PutResult(string SopInstanceUid, string SopClassUid, string SeriesInstanceUid, string StudyInstanceUid, string PatientPseudonym, Guid SeriesId, PutOutcome Outcome);

/// <summary>De-identified instances of cohorts. It takes nothing that did not come from the Deidentifier.</summary>
public sealed class CohortStore(IDbContextFactory<MedGanDb> dbs, AuditLog audit, ObjectIndex objects, TimeProvider clock)
{
    /// <summary>See the overload for a stream of instances.</summary>
    public Task<IReadOnlyList<PutResult>> PutAsync(
        string project, string cohort, IReadOnlyList<DeidentifiedInstance> instances, string actor,
        Func<MedGanDb, AuditWriter, IReadOnlyList<PutResult>, Task>? stateChange = null, CancellationToken ct = default) =>
        PutAsync(project, cohort, instances.ToAsyncEnumerable(), actor, stateChange, ct);

    /// <summary>
    /// Stores an upload: every instance, its rows and the audit leaf, or nothing. Objects are placed as the instances come; they
    /// get names, and their rows become visible, together at the end. The same upload again changes nothing.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="cohort">The cohort; made when it is new.</param>
    /// <param name="instances">The upload. When it throws, nothing is kept.</param>
    /// <param name="actor">Who uploads.</param>
    /// <param name="stateChange">What else belongs to the same transaction: rejections to audit, the ingest job.</param>
    /// <param name="ct">Cancels before anything is visible.</param>
    /// <exception cref="StorageFullException">No room is left; nothing is kept.</exception>
    public async Task<IReadOnlyList<PutResult>> PutAsync(
        string project, string cohort, IAsyncEnumerable<DeidentifiedInstance> instances, string actor,
        Func<MedGanDb, AuditWriter, IReadOnlyList<PutResult>, Task>? stateChange = null, CancellationToken ct = default)
    {
        await using var placement = objects.NewPlacement();
        try
        {
            var staged = new List<Arrival>();
            await foreach (var instance in instances.WithCancellation(ct)) staged.Add(Arrival.Of(instance, await placement.AddAsync(project, instance.WriteTo, ct)));
            await placement.PlacedAsync();
            return await CommitAsync(project, cohort, staged, placement, actor, stateChange, ct);
        }
        catch (Exception e) when (e is not StorageFullException && DiskFull.IsCauseOf(e))
        {
            throw new StorageFullException(e);
        }
    }

    /// <summary>The instances of a series, in order of their identifiers.</summary>
    public async Task<IReadOnlyList<InstanceRecord>> InstancesAsync(Guid seriesId, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.Instances.AsNoTracking().Where(i => i.SeriesId == seriesId).OrderBy(i => i.SopInstanceUid).ToListAsync(ct);
    }

    /// <summary>The files of a series, one after the other, their bytes checked before they are handed out. The caller disposes them.</summary>
    /// <exception cref="ObjectDamagedException">A file is missing or was changed; it may show only as the stream is read.</exception>
    public async IAsyncEnumerable<Stream> OpenAsync(Guid seriesId, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var project = await db.Series.Where(s => s.Id == seriesId).Select(s => s.Project).SingleOrDefaultAsync(ct);
        foreach (var instance in await InstancesAsync(seriesId, ct)) yield return await objects.OpenContentAsync(PathOf(project!, instance.Sha256), ObjectIndex.PlainObjects, instance.Sha256, ct);
    }

    private async Task<IReadOnlyList<PutResult>> CommitAsync(
        string project, string cohort, List<Arrival> staged, Placement placement, string actor,
        Func<MedGanDb, AuditWriter, IReadOnlyList<PutResult>, Task>? stateChange, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var results = new List<PutResult>();
        if (staged.Count > 0 && await db.Cohorts.FindAsync([project, cohort], ct) is null)
        {
            db.Cohorts.Add(new CohortRecord { Project = project, Name = cohort, CreatedAt = clock.GetUtcNow() });
        }
        var all = new Dictionary<string, SeriesRecord>();
        foreach (var arrival in staged)
        {
            if (!all.TryGetValue(arrival.SeriesInstanceUid, out var series))
            {
                series = await SeriesAsync(db, project, cohort, arrival, ct);
                all.Add(arrival.SeriesInstanceUid, series);
            }
            results.Add(arrival.Result(series.Id, await PutAsync(db, series, arrival, placement, ct)));
        }
        var writer = audit.For(db, project, actor);
        Audit(writer, cohort, results);
        if (stateChange is not null) await stateChange(db, writer, results);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        placement.Committed();
        return results;
    }

    /// <summary>An instance is named by its content: the same one uploaded to two cohorts is kept once.</summary>
    private static string PathOf(string project, string sha256) => $"objects/{project}/{sha256}";

    private async Task<SeriesRecord> SeriesAsync(MedGanDb db, string project, string cohort, Arrival arrival, CancellationToken ct)
    {
        var series = await db.Series.SingleOrDefaultAsync(s => s.Project == project && s.Cohort == cohort && s.SeriesInstanceUid == arrival.SeriesInstanceUid, ct);
        if (series is not null) return series;
        series = new SeriesRecord
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Project = project,
            Cohort = cohort,
            PatientPseudonym = arrival.PatientPseudonym,
            StudyInstanceUid = arrival.StudyInstanceUid,
            SeriesInstanceUid = arrival.SeriesInstanceUid,
            Modality = arrival.Modality,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Series.Add(series);
        return series;
    }

    private static async Task<PutOutcome> PutAsync(MedGanDb db, SeriesRecord series, Arrival arrival, Placement placement, CancellationToken ct)
    {
        if (!arrival.BelongsTo(series)) return PutOutcome.Conflict;
        if (await db.Instances.FindAsync([series.Id, arrival.SopInstanceUid], ct) is { } there)
        {
            return there.Sha256 == arrival.File.Sha256 ? PutOutcome.AlreadyStored : PutOutcome.Conflict;
        }
        await placement.NameContentAsync(db, PathOf(series.Project, arrival.File.Sha256), arrival.File, ct);
        db.Instances.Add(new InstanceRecord
        {
            SeriesId = series.Id,
            SopInstanceUid = arrival.SopInstanceUid,
            Sha256 = arrival.File.Sha256,
            Bytes = arrival.File.Bytes,
            SopClassUid = arrival.SopClassUid,
            TransferSyntaxUid = arrival.TransferSyntaxUid,
        });
        series.InstanceCount++;
        series.State = SeriesState.Received; // what was checked before is no longer the whole series
        series.Reason = null;
        return PutOutcome.Stored;
    }

    private static void Audit(AuditWriter writer, string cohort, List<PutResult> results)
    {
        if (results.Count == 0) return;
        writer.Append(AuditActions.UploadStored, new
        {
            cohort,
            series = results.Where(r => r.Outcome == PutOutcome.Stored).GroupBy(r => r.SeriesId).Select(g => new { id = g.Key, instances = g.Count() }),
            stored = results.Count(r => r.Outcome == PutOutcome.Stored),
            alreadyStored = results.Count(r => r.Outcome == PutOutcome.AlreadyStored),
            conflicts = results.Count(r => r.Outcome == PutOutcome.Conflict),
        });
    }

    /// <summary>What is kept of an instance once its file is staged, so that an upload's size does not bind memory.</summary>
    private sealed record Arrival(
        string SopInstanceUid, string SopClassUid, string TransferSyntaxUid, string SeriesInstanceUid, string StudyInstanceUid, string PatientPseudonym, string Modality, StagedObject File)
    {
        public static Arrival Of(DeidentifiedInstance i, StagedObject file) =>
            new(i.SopInstanceUid, i.SopClassUid, i.TransferSyntaxUid, i.SeriesInstanceUid, i.StudyInstanceUid, i.PatientPseudonym, i.Modality, file);

        public bool BelongsTo(SeriesRecord series) =>
            (series.PatientPseudonym, series.StudyInstanceUid, series.Modality) == (PatientPseudonym, StudyInstanceUid, Modality);

        public PutResult Result(Guid seriesId, PutOutcome outcome) =>
            new(SopInstanceUid, SopClassUid, SeriesInstanceUid, StudyInstanceUid, PatientPseudonym, seriesId, outcome);
    }
}
