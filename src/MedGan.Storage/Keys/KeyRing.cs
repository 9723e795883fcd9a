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

    /// <summary>
    /// SHA-256 of the public half of <see cref="Audit"/>, lower-case hex: what an export of the audit log is compared with. It is
    /// also left in <see cref="StorageOptions.AuditFingerprintPath"/>, readable by everybody who may enter the data folder.
    /// </summary>
    public string PublishAuditFingerprint()
    {
        using var key = Audit();
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        var temporary = $"{options.AuditFingerprintPath}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, fingerprint + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        File.Move(temporary, options.AuditFingerprintPath, overwrite: true);
        return fingerprint;
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
