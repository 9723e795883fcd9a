namespace MedGan.Storage.Objects.Stores;

/// <summary>
/// Where sealed objects lie: a folder, or a bucket. A name is given once and what has it never changes, so there is nothing to
/// overwrite and nobody to race with.
/// </summary>
internal interface IObjectStore
{
    /// <summary>Gives a file's content its name, whole or not at all. The file is taken away.</summary>
    /// <exception cref="StorageFullException">No room is left.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not take it now.</exception>
    Task PutAsync(string name, string file, CancellationToken ct);

    /// <summary>Opens an object for reading from a byte on. The caller disposes the stream, which cannot seek.</summary>
    /// <exception cref="ObjectDamagedException">There is none.</exception>
    /// <exception cref="ObjectStoreUnavailableException">The store does not give it now.</exception>
    Task<Stream> OpenAsync(string name, long offset, CancellationToken ct);

    /// <summary>Removes an object; one that is not there is no error.</summary>
    Task RemoveAsync(string name, CancellationToken ct);

    /// <summary>The names that begin with a prefix, which ends with a slash or is empty.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken ct);

    /// <summary>Gives up transfers that were begun under a prefix and never finished.</summary>
    Task AbortUnfinishedAsync(string prefix, CancellationToken ct);
}
