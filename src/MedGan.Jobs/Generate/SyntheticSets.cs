using System.Text.Json.Nodes;
using MedGan.Jobs.Train;
using MedGan.Storage;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Generate;

/// <summary>Reads what the stages after a training start from: a set, its training, and the data that was trained on.</summary>
internal sealed class SyntheticSets(IDbContextFactory<MedGanDb> dbs)
{
    /// <summary>The set, its completed training and its snapshot.</summary>
    /// <exception cref="JobFailedException">There is no such set, or its training has no model.</exception>
    public async Task<(SyntheticSetRecord Set, TrainingRecord Training, CohortSnapshot Snapshot)> ReadAsync(Guid id, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var set = await db.SyntheticSets.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, ct)
            ?? throw new JobFailedException("The synthetic set of this job does not exist any more.");
        var training = await db.Trainings.AsNoTracking().SingleAsync(t => t.Id == set.TrainingId, ct);
        if (training is not { State: TrainingState.Completed, ModelPath: not null, SnapshotJson: { } snapshot })
            throw new JobFailedException("The training of this set has no finished model; wait for it to complete, or train again.");
        return (set, training, StorageJson.Read<CohortSnapshot>(snapshot));
    }

    /// <summary>The set's synthetic series, always in the same order.</summary>
    public async Task<IReadOnlyList<SyntheticSeriesRecord>> SeriesAsync(Guid set, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var series = await db.SyntheticSeries.AsNoTracking().Where(s => s.SetId == set).ToListAsync(ct);
        return [.. series.OrderBy(s => s.SyntheticPatientId, StringComparer.Ordinal).ThenBy(s => s.SeriesInstanceUid, StringComparer.Ordinal)];
    }

    /// <summary>What was released of a set, series by series, always in the same order.</summary>
    public async Task<IReadOnlyList<ReleasedRecord>> ReleasedAsync(Guid set, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var series = db.SyntheticSeries.Where(s => s.SetId == set).Select(s => s.Id);
        return await db.Released.AsNoTracking().Where(r => series.Contains(r.SyntheticSeriesId)).OrderBy(r => r.SyntheticSeriesId).ThenBy(r => r.InstanceNumber).ToListAsync(ct);
    }

    /// <summary>Notes the job of a further stage in the set's row.</summary>
    public static void AddJob(SyntheticSetRecord set, JobKind kind, Guid job)
    {
        var jobs = JsonNode.Parse(set.JobIds)!.AsObject();
        var name = kind.ToString();
        jobs[char.ToLowerInvariant(name[0]) + name[1..]] = job;
        set.JobIds = jobs.ToJsonString();
    }
}
