using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MedGan.Storage.Audit;

/// <summary>What came of checking an export.</summary>
/// <param name="Valid">Nothing was changed, removed, added, reordered or cut off.</param>
/// <param name="BrokenLine">One-based number of the first line that does not hold; null when valid.</param>
/// <param name="Problem">What is wrong with it, in a plain sentence; null when valid.</param>
/// <param name="Leaves">Leaves read.</param>
/// <param name="Shown">Leaves shown in full.</param>
/// <param name="Head">The signed head; null when none was read.</param>
/// <param name="KeyFingerprint">SHA-256 of the public key in the export, lower-case hex. Compare it with the service's to know who signed.</param>
public sealed record AuditVerification(bool Valid, long? BrokenLine, string? Problem, long Leaves, long Shown, TreeHead? Head, string? KeyFingerprint);

/// <summary>Checks an export of the audit log offline.</summary>
public static class AuditVerifier
{
    /// <summary>Checks every line, the tree and the signature.</summary>
    /// <param name="export">What <see cref="AuditExport"/> wrote.</param>
    /// <param name="trustedKeyFingerprint">When given, the export must be signed by the key with this fingerprint.</param>
    public static AuditVerification Verify(Stream export, string? trustedKeyFingerprint = null) =>
        Check(export, trustedKeyFingerprint, []);

    /// <summary>Checks both exports, and that the newer one only added leaves to the older one.</summary>
    /// <param name="older">An export that was kept from before; it and the newer one must be signed by the same key.</param>
    /// <param name="newer">The export in question.</param>
    /// <param name="trustedKeyFingerprint">When given, both exports must be signed by the key with this fingerprint.</param>
    public static AuditVerification VerifyExtends(Stream older, Stream newer, string? trustedKeyFingerprint = null)
    {
        var before = new List<byte[]>();
        var old = Check(older, trustedKeyFingerprint, before);
        if (!old.Valid) return old with { Problem = "In the older export: " + old.Problem };
        var after = new List<byte[]>();
        var result = Check(newer, old.KeyFingerprint, after);
        if (!result.Valid) return result;
        for (var i = 0; i < before.Count; i++)
        {
            if (i >= after.Count) return result with { Valid = false, BrokenLine = i + 1, Problem = "The log was cut: the older export goes on here." };
            if (!before[i].AsSpan().SequenceEqual(after[i])) return result with { Valid = false, BrokenLine = i + 1, Problem = "This leaf is not the one in the older export." };
        }
        return result;
    }

    // A reader that takes the last of two members of a name would see other content than the one that was checked.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly string[] LineMembers = ["index", "hash", "leaf"], LastLineMembers = ["treeHead", "signature", "publicKey"];
    private static readonly string[] HeadMembers = ["size", "rootHash", "at", "scope", "shown"];

    private static AuditVerification Check(Stream export, string? trusted, List<byte[]> hashes)
    {
        using var lines = new StreamReader(export, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        long number = 0, shown = 0;
        SignedTreeHead? signed = null;
        var scopes = new List<(long Line, string Project)>();
        try
        {
            while (lines.ReadLine() is { } line)
            {
                number++;
                if (signed is not null) return Broken("Nothing may follow the signed tree head.");
                using var json = JsonDocument.Parse(line, Strict);
                if (json.RootElement.TryGetProperty("treeHead", out var headJson))
                {
                    if (HasOther(json.RootElement, LastLineMembers) || HasOther(headJson, HeadMembers)) return Broken(Unsigned);
                    signed = json.RootElement.Deserialize<SignedTreeHead>(StorageJson.Options);
                    continue;
                }
                if (LeafProblem(json.RootElement, hashes, scopes, number) is { } problem) return Broken(problem);
                if (json.RootElement.TryGetProperty("leaf", out _)) shown++;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or DecoderFallbackException)
        {
            number = Math.Max(number, 1);
            return Broken("This line is not a line of an audit export.");
        }
        if (signed?.TreeHead is not { } head || signed.Signature is null || signed.PublicKey is null)
        {
            number++;
            return Broken("The signed tree head is missing: the export was cut off.");
        }
        if (head.Size != hashes.Count) return Broken($"The signed log has {head.Size} leaves, the export {hashes.Count}.");
        if (head.RootHash != Convert.ToHexStringLower(MerkleTree.Root(hashes))) return Broken("The leaves do not give the signed root.");
        if (head.Shown != shown) return Broken($"The signed export shows {head.Shown} leaves in full, this one {shown}.");
        if (head.Scope != "*" && scopes.FirstOrDefault(s => s.Project != head.Scope) is { Project: not null } stray)
        {
            number = stray.Line;
            return Broken($"This leaf is not of project {head.Scope}.");
        }
        if (SignatureProblem(signed, trusted, out var fingerprint) is { } bad) return Broken(bad);
        return new(true, null, null, hashes.Count, shown, head, fingerprint);

        AuditVerification Broken(string problem) => new(false, number, problem, hashes.Count, shown, signed?.TreeHead, null);
    }

    private const string Unsigned = "This line holds a member that is not part of an audit export, so nothing vouches for it.";

    private static bool HasOther(JsonElement element, string[] known) => element.EnumerateObject().Any(member => !known.Contains(member.Name));

    private static string? LeafProblem(JsonElement line, List<byte[]> hashes, List<(long, string)> scopes, long number)
    {
        if (HasOther(line, LineMembers)) return Unsigned;
        var index = line.GetProperty("index").GetInt64();
        if (index != hashes.Count) return $"Leaf {hashes.Count} is expected here, not leaf {index}: lines were removed, added or reordered.";
        var hash = Convert.FromHexString(line.GetProperty("hash").GetString()!);
        if (hash.Length != SHA256.HashSizeInBytes) return "The hash has the wrong length.";
        if (line.TryGetProperty("leaf", out var leaf))
        {
            if (!MerkleTree.LeafHash(Encoding.UTF8.GetBytes(leaf.GetRawText())).AsSpan().SequenceEqual(hash)) return "The leaf was changed: it does not give its hash.";
            if (leaf.GetProperty("index").GetInt64() != index) return "The leaf stands in another place than it was written for.";
            scopes.Add((number, leaf.GetProperty("project").GetString()!));
        }
        hashes.Add(hash);
        return null;
    }

    private static string? SignatureProblem(SignedTreeHead signed, string? trusted, out string? fingerprint)
    {
        fingerprint = null;
        using var key = ECDsa.Create();
        byte[] spki;
        try
        {
            spki = Convert.FromBase64String(signed.PublicKey);
            key.ImportSubjectPublicKeyInfo(spki, out _);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return "The public key cannot be read.";
        }
        fingerprint = Convert.ToHexStringLower(SHA256.HashData(spki));
        if (!signed.TreeHead.IsSignedBy(key, signed.Signature)) return "The signature does not fit the tree head.";
        return trusted is null || trusted.Equals(fingerprint, StringComparison.OrdinalIgnoreCase)
            ? null
            : "The export was signed with another key than the trusted one.";
    }
}
