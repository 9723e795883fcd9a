using MedGan.Storage.Keys;
using MedGan.Storage.Objects.Stores;

namespace MedGan.Storage.Objects;

/// <summary>Sees at start that the object store answers and that its keys are here, before anybody relies on either.</summary>
internal sealed class ObjectsStart(IObjectStore store, KeyRing keys, StorageOptions options)
{
    /// <exception cref="StorageUnavailableException">The message says what to do.</exception>
    public async Task CheckAsync(CancellationToken ct)
    {
        try
        {
            if (await IsEmptyAsync(ct) || keys.HasObjects) keys.Objects();
            else throw new StorageUnavailableException($"Objects are stored already, but the keys they are sealed under are missing: put back {Path.Combine(options.KeysFolder, "objects.key")}, or name the file in MedGan:Keys:ObjectsFile.", new ObjectStoreUnavailableException("keys/objects.key is missing"));
        }
        catch (ObjectStoreUnavailableException e)
        {
            throw new StorageUnavailableException(e.Message, e);
        }
    }

    private async Task<bool> IsEmptyAsync(CancellationToken ct)
    {
        await foreach (var _ in store.ListAsync("", ct)) return false;
        return true;
    }
}
