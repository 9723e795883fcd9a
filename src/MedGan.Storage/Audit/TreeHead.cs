using System.Security.Cryptography;
using System.Text;

namespace MedGan.Storage.Audit;

/// <summary>What the service signs: the whole log's size and root, and what an export of it shows.</summary>
/// <param name="Size">Leaves in the log.</param>
/// <param name="RootHash">RFC 6962 root over all of them, lower-case hex.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Scope">The project whose leaves the export shows in full; "*" for all.</param>
/// <param name="Shown">How many leaves the export shows in full, so that none can be turned into a mere hash.</param>
public sealed record TreeHead(long Size, string RootHash, DateTime At, string Scope, long Shown)
{
    /// <summary>ECDSA P-256 with SHA-256 over the canonical JSON of this head; base64.</summary>
    public string Sign(ECDsa key) => Convert.ToBase64String(key.SignData(Bytes(), HashAlgorithmName.SHA256));

    /// <summary>Whether the signature is the key's over this head.</summary>
    public bool IsSignedBy(ECDsa key, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && key.VerifyData(Bytes(), bytes.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    private byte[] Bytes() => Encoding.UTF8.GetBytes(CanonicalJson.Write(this));
}
