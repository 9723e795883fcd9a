namespace MedGan.Storage.Objects;

/// <summary>A stored object is not what was stored.</summary>
public sealed class ObjectDamagedException(string name)
    : IOException($"The stored object {Short(name)} is missing or damaged; restore it from a backup.")
{
    /// <summary>Enough of a name to find it by.</summary>
    private static string Short(string name) => name.Length > 12 ? name[^12..] : name;
}

/// <summary>A stored object was sealed under a master key that this process does not have.</summary>
public sealed class ObjectKeyMissingException(string name, string keyId)
    : IOException($"The stored object {(name.Length > 12 ? name[^12..] : name)} was sealed under the key {keyId}, which the file of object keys does not hold; add that key.");

/// <summary>The object store does not answer, or not as it should, and may again later. The message is one plain sentence.</summary>
public sealed class ObjectStoreUnavailableException(string sentence, Exception? inner = null) : IOException(sentence, inner);
