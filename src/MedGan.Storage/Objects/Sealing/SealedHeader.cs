using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MedGan.Storage.Keys;

namespace MedGan.Storage.Objects.Sealing;

/// <summary>What a sealed object says of its content: it is authentic once <see cref="SealedHeader.Open"/> has returned it.</summary>
internal sealed record SealedHeader(long Length, string Sha256, int ChunkBytes, byte[] ChunkKey)
{
    /// <summary>
    /// 8 bytes "MGSEAL01", 8 key id, 4 chunk size (little endian), 32 salt, then the length (8, little endian) and the SHA-256 (32) of
    /// the content, sealed, and 16 tag.
    /// </summary>
    public const int Bytes = ClearBytes + SecretBytes + TagBytes;

    /// <summary>Bytes of a GCM tag.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes of a GCM nonce.</summary>
    public const int NonceBytes = 12;

    private const int ClearBytes = 8 + ObjectKeyRing.IdBytes + 4 + SaltBytes, SaltBytes = 32, SecretBytes = 8 + 32, KeyBytes = 32;
    private const int LeastChunk = 1 << 10, MostChunk = 1 << 24;

    private static ReadOnlySpan<byte> Magic => "MGSEAL01"u8;

    /// <summary>Chunks in all: an empty object has one, which is empty.</summary>
    public long Chunks => Math.Max(1, (Length + ChunkBytes - 1) / ChunkBytes);

    /// <summary>Bytes of the content in a chunk.</summary>
    public int LengthOf(long chunk) => (int)Math.Min(ChunkBytes, Length - chunk * ChunkBytes);

    /// <summary>Where a chunk begins in the sealed object.</summary>
    public long OffsetOf(long chunk) => Bytes + chunk * (ChunkBytes + TagBytes);

    /// <summary>A new salt, and the key that the chunks under it are sealed with. Each salt is used for one object.</summary>
    public static (byte[] Salt, byte[] ChunkKey) NewKey(byte[] projectKey)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (salt, ChunkKeyOf(projectKey, salt));
    }

    /// <summary>The header of a finished object.</summary>
    public static byte[] Seal(string keyId, byte[] projectKey, byte[] salt, int chunkBytes, string project, string name, long length, byte[] sha256)
    {
        var header = new byte[Bytes];
        Magic.CopyTo(header);
        Convert.FromHexString(keyId).CopyTo(header, 8);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8 + ObjectKeyRing.IdBytes), chunkBytes);
        salt.CopyTo(header, ClearBytes - SaltBytes);
        Span<byte> secret = stackalloc byte[SecretBytes];
        BinaryPrimitives.WriteInt64LittleEndian(secret, length);
        sha256.CopyTo(secret[8..]);
        using var gcm = new AesGcm(HeaderKeyOf(projectKey, salt), TagBytes);
        gcm.Encrypt(stackalloc byte[NonceBytes], secret, header.AsSpan(ClearBytes, SecretBytes), header.AsSpan(ClearBytes + SecretBytes), Bound(header, project, name));
        return header;
    }

    /// <summary>Checks a header against the place that it was found in.</summary>
    /// <exception cref="ObjectDamagedException">It was changed, or is of another project or object.</exception>
    /// <exception cref="ObjectKeyMissingException">It was sealed under a master key that is not here.</exception>
    public static SealedHeader Open(ReadOnlySpan<byte> header, ObjectKeyRing keys, string project, string name)
    {
        if (header.Length != Bytes || !header[..8].SequenceEqual(Magic)) throw new ObjectDamagedException(name);
        var id = Convert.ToHexStringLower(header.Slice(8, ObjectKeyRing.IdBytes));
        var projectKey = keys.Opening(id, project) ?? throw new ObjectKeyMissingException(name, id);
        var chunkBytes = BinaryPrimitives.ReadInt32LittleEndian(header[(8 + ObjectKeyRing.IdBytes)..]);
        var salt = header.Slice(ClearBytes - SaltBytes, SaltBytes).ToArray();
        Span<byte> secret = stackalloc byte[SecretBytes];
        try
        {
            using var gcm = new AesGcm(HeaderKeyOf(projectKey, salt), TagBytes);
            gcm.Decrypt(stackalloc byte[NonceBytes], header.Slice(ClearBytes, SecretBytes), header[(ClearBytes + SecretBytes)..], secret, Bound(header, project, name));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new ObjectDamagedException(name);
        }
        var length = BinaryPrimitives.ReadInt64LittleEndian(secret);
        if (length < 0 || chunkBytes is < LeastChunk or > MostChunk) throw new ObjectDamagedException(name);
        return new SealedHeader(length, Convert.ToHexStringLower(secret[8..]), chunkBytes, ChunkKeyOf(projectKey, salt));
    }

    /// <summary>The nonce of a chunk in the STREAM construction: its number, and whether it is the last. The key is this object's alone.</summary>
    public static void Nonce(Span<byte> nonce, long chunk, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], chunk);
        nonce[11] = last ? (byte)1 : (byte)0;
    }

    private static byte[] Bound(ReadOnlySpan<byte> header, string project, string name) =>
        [.. header[..ClearBytes], .. Encoding.UTF8.GetBytes($"{project}\0{name}")];

    private static byte[] HeaderKeyOf(byte[] projectKey, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, projectKey, KeyBytes, salt, "medgan/objects/v1/header"u8.ToArray());

    private static byte[] ChunkKeyOf(byte[] projectKey, byte[] salt) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, projectKey, KeyBytes, salt, "medgan/objects/v1/chunks"u8.ToArray());
}
