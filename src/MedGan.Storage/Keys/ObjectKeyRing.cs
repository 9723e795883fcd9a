using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MedGan.Storage.Keys;

/// <summary>
/// The master keys that objects are sealed under at rest, and what is derived from them: a key for each project, by HKDF-SHA256
/// (RFC 5869). The first key seals what is new; every key opens what it sealed.
/// </summary>
internal sealed class ObjectKeyRing
{
    /// <summary>Bytes of the id by which a sealed object names its master key.</summary>
    public const int IdBytes = 8;

    private const int KeyBytes = 32;

    private readonly IReadOnlyList<(string Id, byte[] Key)> _masters;
    private readonly ConcurrentDictionary<(string Id, string Project), byte[]> _projects = new();

    public ObjectKeyRing(IReadOnlyList<byte[]> masters)
    {
        if (masters.Count == 0 || masters.Any(key => key.Length != KeyBytes)) throw new ArgumentException($"At least one master key of {KeyBytes} bytes is needed.");
        _masters = [.. masters.Select(key => (IdOf(key), key))];
    }

    /// <summary>The key that seals a project's new objects, and the id of its master key.</summary>
    public (string Id, byte[] Key) Sealing(string project) => (_masters[0].Id, Derive(_masters[0], project));

    /// <summary>A project's key under the master key of that id; null where this installation does not have it.</summary>
    public byte[]? Opening(string id, string project) =>
        _masters.Where(master => master.Id == id).Select(master => Derive(master, project)).FirstOrDefault();

    /// <summary>Reads master keys: one a line, 64 hexadecimal digits; empty lines and lines that begin with # say nothing.</summary>
    /// <exception cref="FormatException">Another line, no key, or a key twice.</exception>
    public static ObjectKeyRing Parse(string text)
    {
        var keys = text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(Convert.FromHexString).ToList();
        if (keys.Count == 0 || keys.Any(key => key.Length != KeyBytes) || keys.DistinctBy(Convert.ToHexString).Count() < keys.Count)
            throw new FormatException("The keys are not distinct lines of 64 hexadecimal digits.");
        return new ObjectKeyRing(keys);
    }

    /// <summary>A new key as <see cref="Parse"/> reads it.</summary>
    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n";

    private static string IdOf(byte[] master) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(master, "medgan/objects/v1/key-id"u8)[..IdBytes]);

    private byte[] Derive((string Id, byte[] Key) master, string project) => _projects.GetOrAdd((master.Id, project), static (_, given) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, given.Key, KeyBytes, salt: [], Encoding.UTF8.GetBytes("medgan/objects/v1/project\0" + given.Project)), (master.Key, Project: project));
}
