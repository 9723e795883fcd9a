using System.Security.Cryptography;
using System.Text;

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

    /// <summary>
    /// The master keys that objects are sealed under. Ask <see cref="HasObjects"/> first where objects are stored already: a new key
    /// would open none of them.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The file is not a list of keys.</exception>
    /// <exception cref="InvalidSettingException">The file that the settings name cannot be read.</exception>
    internal ObjectKeyRing Objects()
    {
        var path = options.ObjectKeysFile ?? Path.Combine(options.KeysFolder, "objects.key");
        try
        {
            return ObjectKeyRing.Parse(options.ObjectKeysFile is null
                ? Encoding.ASCII.GetString(ReadOrCreate("objects.key", () => Encoding.ASCII.GetBytes(ObjectKeyRing.Create())))
                : File.ReadAllText(path));
        }
        catch (FormatException e)
        {
            throw new StorageUnavailableException($"The file {path} holds no keys for objects: each line must be 64 hexadecimal digits, and no two the same.", e);
        }
        catch (Exception e) when (options.ObjectKeysFile is not null && (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            throw new InvalidSettingException($"MedGan:Keys:ObjectsFile names {path}, which cannot be read: name the file of the keys that objects are sealed under.");
        }
    }

    /// <summary>Whether the file of <see cref="Objects"/> is there.</summary>
    internal bool HasObjects => options.ObjectKeysFile is not null || File.Exists(Path.Combine(options.KeysFolder, "objects.key"));

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
