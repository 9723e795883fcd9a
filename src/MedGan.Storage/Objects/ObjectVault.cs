using MedGan.Storage.Keys;
using MedGan.Storage.Objects.Sealing;
using MedGan.Storage.Objects.Stores;

namespace MedGan.Storage.Objects;

/// <summary>An object that is sealed in a file of this process's scratch, or placed in the store already; no row names it yet.</summary>
/// <param name="Project">Whose key seals it.</param>
/// <param name="Writer">The process.</param>
/// <param name="Name">Its name in the store.</param>
/// <param name="File">The sealed file, until it is placed.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hex.</param>
/// <param name="Bytes">Size of the content.</param>
internal sealed record StagedObject(string Project, Guid Writer, string Name, string File, string Sha256, long Bytes);

/// <summary>Objects, sealed on their way into the store and opened on their way out. Nothing else touches the store's bytes.</summary>
internal sealed class ObjectVault(IObjectStore store, KeyRing keys, StoreWriter writer, Scratch scratch)
{
    private readonly Lazy<ObjectKeyRing> _keys = new(keys.Objects);

    /// <summary>Seals what is written into a file of this process.</summary>
    /// <exception cref="StorageFullException">No room is left; nothing is kept.</exception>
    public async Task<StagedObject> StageAsync(string project, Action<Stream> write, CancellationToken ct)
    {
        var id = await writer.IdAsync(ct);
        var random = Guid.NewGuid().ToString("N");
        var name = $"{id:N}/{random[..2]}/{random}";
        var path = scratch.NewFile();
        try
        {
            using var file = OwnFiles.Create(path);
            using var sealing = new SealingStream(file, _keys.Value, project);
            write(sealing);
            var sha256 = sealing.Finish(project, name);
            file.Flush(flushToDisk: true);
            return new StagedObject(project, id, name, path, sha256, sealing.Length);
        }
        catch (Exception e)
        {
            File.Delete(path);
            if (e is not StorageFullException && DiskFull.IsCauseOf(e)) throw new StorageFullException(e);
            throw;
        }
    }

    /// <summary>Puts a staged object into the store.</summary>
    public Task PlaceAsync(StagedObject staged, CancellationToken ct) => store.PutAsync(staged.Name, staged.File, ct);

    /// <summary>Opens an object: its header and first chunk are checked here, each further chunk before it is handed out.</summary>
    /// <param name="project">Whose object it is.</param>
    /// <param name="name">Its name in the store.</param>
    /// <param name="sha256">What its content must be.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ObjectDamagedException">It is missing, was changed, or is another one.</exception>
    /// <exception cref="ObjectKeyMissingException">It was sealed under a key that is not here.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not answer.</exception>
    public async Task<Stream> OpenAsync(string project, string name, string sha256, CancellationToken ct)
    {
        var opened = await OpeningStream.OpenAsync((offset, token) => store.OpenAsync(name, offset, token), _keys.Value, project, name, ct);
        if (opened.Sha256 == sha256) return opened;
        await opened.DisposeAsync();
        throw new ObjectDamagedException(name);
    }

    /// <summary>Sees that the store answers: asks for a name that nothing has.</summary>
    public async Task ProbeAsync(CancellationToken ct)
    {
        await foreach (var _ in store.ListAsync("probe/", ct)) break;
    }

    /// <summary>Removes objects that no row names.</summary>
    public async Task RemoveAsync(IEnumerable<string> names, CancellationToken ct)
    {
        foreach (var name in names) await store.RemoveAsync(name, ct);
    }
}
