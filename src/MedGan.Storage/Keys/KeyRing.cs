using System.Security.Cryptography;

namespace MedGan.Storage.Keys;

/// <summary>The installation's secret keys, made on first use, in files that only their owner can read.</summary>
public sealed class KeyRing(StorageOptions options)
{
    /// <summary>32 bytes from which pseudonyms and replaced UIDs are derived. Losing it breaks the link between uploads of one patient.</summary>
    public byte[] Pseudonym() => ReadOrCreate("pseudonym.key", () => RandomNumberGenerator.GetBytes(32));

    /// <summary>32 bytes that seal what the privacy gate released.</summary>
    public byte[] Gate() => ReadOrCreate("gate.key", () => RandomNumberGenerator.GetBytes(32));

    /// <summary>32 bytes that sign local access tokens (HS256).</summary>
    public byte[] Token() => ReadOrCreate("token.key", () => RandomNumberGenerator.GetBytes(32));

    /// <summary>The ECDSA P-256 key that signs audit tree heads. The caller disposes it.</summary>
    public ECDsa Audit()
    {
        var pkcs8 = ReadOrCreate("audit.key", () =>
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return made.ExportPkcs8PrivateKey();
        });
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return key;
    }

    private byte[] ReadOrCreate(string name, Func<byte[]> create)
    {
        options.CreateFolders();
        var path = Path.Combine(options.KeysFolder, name);
        if (File.Exists(path)) return File.ReadAllBytes(path);
        var temporary = path + "." + Guid.NewGuid().ToString("N");
        try
        {
            using (var file = OwnFiles.Create(temporary))
            {
                file.Write(create());
                file.Flush(flushToDisk: true);
            }
            OwnFiles.TryPublish(temporary, path); // when another process was first, its key is the key
        }
        finally
        {
            File.Delete(temporary);
        }
        return File.ReadAllBytes(path);
    }
}
