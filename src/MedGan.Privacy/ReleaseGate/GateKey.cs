using System.Security.Cryptography;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>The secret with which the gate seals what it released (HMAC-SHA256, 256 bits).</summary>
public sealed class GateKey
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] secret;

    private GateKey(byte[] secret) => this.secret = secret;

    /// <summary>A new random key.</summary>
    public static GateKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>A stored key of 32 bytes.</summary>
    public static GateKey FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new GateKey(bytes.ToArray())
        : throw new ArgumentException($"A gate key has {Length} bytes.", nameof(bytes));

    /// <summary>The key's bytes, for the caller's key store.</summary>
    public byte[] ToBytes() => (byte[])secret.Clone();

    internal byte[] Mac(ReadOnlySpan<byte> message) => HMACSHA256.HashData(secret, message);
}
