using System.Security.Cryptography;
using System.Text;

namespace MedGan.Privacy.Deidentification;

/// <summary>
/// The secret from which pseudonyms, UIDs and date shifts are derived (256 bits). Without it they cannot be traced back, and no
/// table of originals exists; with it the same original always gives the same replacement.
/// </summary>
public sealed class PseudonymKey
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] secret;

    private PseudonymKey(byte[] secret) => this.secret = secret;

    /// <summary>A new random key.</summary>
    public static PseudonymKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>A stored key of 32 bytes.</summary>
    public static PseudonymKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new PseudonymKey(bytes.ToArray())
        : throw new ArgumentException($"A pseudonym key has {Length} bytes.", nameof(bytes));

    /// <summary>The key's bytes, for the caller's key store.</summary>
    public byte[] ToBytes() => (byte[])secret.Clone();

    /// <summary>The key of one project (HKDF-SHA256, RFC 5869): the same patient has unrelated pseudonyms in two projects.</summary>
    public PseudonymKey ForProject(string project)
    {
        ArgumentException.ThrowIfNullOrEmpty(project);
        return new PseudonymKey(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: Encoding.UTF8.GetBytes("MedGan project\n" + project)));
    }

    /// <summary>HMAC-SHA256 of a value for one purpose; purposes are fixed words without line feeds.</summary>
    internal byte[] Mac(string purpose, string value) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(purpose + "\n" + value));
}
