using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Queue;

/// <summary>Why a synthetic set cannot be asked for.</summary>
public enum SetRefusal
{
    /// <summary>The project has no such training.</summary>
    NoSuchTraining,
    /// <summary>The training has no finished model.</summary>
    NotCompleted,
}

/// <summary>A synthetic set is asked for: over HTTP, or by a message of the bus.</summary>
public sealed class SyntheticSetRequests(JobQueue queue, TimeProvider clock)
{
    /// <summary>Adds the set and its first job to the caller's open transaction.</summary>
    /// <returns>Both ids, or why there are none.</returns>
    /// <exception cref="QuotaExceededException">The project has too many open jobs.</exception>
    public async Task<(Guid Set, Guid Job, SetRefusal? Refusal)> AddAsync(
        MedGanDb db, string project, Guid training, string actor, Guid? correlation = null, CancellationToken ct = default)
    {
        var row = await db.Trainings.AsNoTracking().SingleOrDefaultAsync(t => t.Project == project && t.Id == training, ct);
        if (row is null) return (default, default, SetRefusal.NoSuchTraining);
        if (row.State != TrainingState.Completed) return (default, default, SetRefusal.NotCompleted);
        await queue.RequireRoomAsync(db, project, ct);
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var job = queue.Add(db, project, JobKind.Generate, new GenerateRequest(id), actor, correlation);
        db.SyntheticSets.Add(new SyntheticSetRecord
        {
            Id = id,
            Project = project,
            TrainingId = training,
            State = SyntheticSetState.Generating,
            JobIds = StorageJson.Write(new Dictionary<string, Guid> { ["generate"] = job }),
            CreatedAt = clock.GetUtcNow(),
        });
        return (id, job, null);
    }
}
