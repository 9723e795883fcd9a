using System.Text;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Pacs;

/// <summary>
/// Asks for studies of a picture archive. What leads to the study is an object, sealed under the project's key; the job's row, its audit
/// leaf and its log know only the archive and the cohort. It is removed soon after the job has ended.
/// </summary>
public sealed class StudyFetches
{
    private const string Folder = "fetches/";

    private readonly ObjectIndex _objects;
    private readonly JobQueue _queue;
    private readonly IDbContextFactory<MedGanDb> _dbs;

    internal StudyFetches(ObjectIndex objects, JobQueue queue, IDbContextFactory<MedGanDb> dbs) => (_objects, _queue, _dbs) = (objects, queue, dbs);

    /// <summary>Seals the reference, before the transaction that queues the job. Dispose it after the commit, or instead of it.</summary>
    /// <exception cref="ArgumentException">The reference is not valid; see <see cref="StudyReference.IsValid"/>.</exception>
    public async Task<StudyFetch> PrepareAsync(FetchRequest request, StudyReference reference, CancellationToken ct = default)
    {
        if (!reference.IsValid) throw new ArgumentException("not the UIDs of a study", nameof(reference));
        var placement = _objects.NewPlacement();
        try
        {
            var staged = await placement.AddAsync(request.Project, stream => stream.Write(Encoding.UTF8.GetBytes(StorageJson.Write(reference))), ct);
            await placement.PlacedAsync();
            return new StudyFetch(placement, staged, _queue, request);
        }
        catch
        {
            await placement.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a job is to fetch; null once it is removed.</summary>
    public async Task<StudyReference?> ReadAsync(Guid job, CancellationToken ct = default)
    {
        await using var stream = await _objects.OpenAsync(PathOf(job), ct);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return StorageJson.Read<StudyReference>(await reader.ReadToEndAsync(ct));
    }

    /// <summary>Removes the references of jobs that have ended.</summary>
    public async Task ForgetEndedAsync(CancellationToken ct = default)
    {
        await using var db = await _dbs.CreateDbContextAsync(ct);
        var paths = await db.StoredObjects.Where(o => o.Path.StartsWith(Folder)).Select(o => o.Path).ToListAsync(ct);
        foreach (var path in paths)
        {
            var id = Guid.Parse(path[Folder.Length..]);
            if (!await db.Jobs.AnyAsync(j => j.Id == id && (j.State == JobState.Queued || j.State == JobState.Running), ct)) await _objects.RemoveAsync(path, ct);
        }
    }

    internal static string PathOf(Guid job) => $"{Folder}{job:N}";
}

/// <summary>A fetch whose reference is sealed, and which is not queued yet.</summary>
public sealed class StudyFetch : IAsyncDisposable
{
    private readonly Placement _placement;
    private readonly StagedObject _staged;
    private readonly JobQueue _queue;
    private readonly FetchRequest _request;

    internal StudyFetch(Placement placement, StagedObject staged, JobQueue queue, FetchRequest request) => (_placement, _staged, _queue, _request) = (placement, staged, queue, request);

    /// <summary>Adds the job to the caller's open transaction.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="QuotaExceededException">The project has too many open jobs.</exception>
    public async Task<Guid> AddAsync(MedGanDb db, string actor, Guid? correlation = null, CancellationToken ct = default)
    {
        await _queue.RequireRoomAsync(db, _request.Project, ct);
        var job = _queue.Add(db, _request.Project, JobKind.Fetch, _request, actor, correlation);
        await _placement.NameAsync(db, StudyFetches.PathOf(job), _staged, ct);
        return job;
    }

    /// <summary>Removes the sealed reference unless a job names it.</summary>
    public ValueTask DisposeAsync() => _placement.DisposeAsync();
}
