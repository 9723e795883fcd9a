using System.Security.Cryptography;
using System.Text;
using MedGan.Storage.Keys;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Audit;

/// <summary>
/// Writes the log as JSON Lines that <see cref="AuditVerifier"/> checks without the service: one line a leaf
/// (a leaf of another project as its hash only), then the signed tree head and the public key.
/// </summary>
public sealed class AuditExport(IDbContextFactory<MedGanDb> dbs, KeyRing keys, TimeProvider clock)
{
    /// <summary>Writes the log; <paramref name="project"/> null shows every project's leaves.</summary>
    public async Task WriteAsync(string? project, Stream output, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var lines = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        var hashes = new List<byte[]>();
        long shown = 0;
        await foreach (var leaf in db.AuditLeaves.AsNoTracking().OrderBy(l => l.Index).AsAsyncEnumerable().WithCancellation(ct))
        {
            var full = project is null || leaf.Project == project;
            if (full) shown++;
            hashes.Add(Convert.FromHexString(leaf.LeafHash));
            var content = full ? $",\"leaf\":{leaf.LeafJson}" : "";
            await lines.WriteLineAsync($"{{\"index\":{leaf.Index},\"hash\":\"{leaf.LeafHash}\"{content}}}".AsMemory(), ct);
        }
        await lines.WriteLineAsync(Head(project, hashes, shown).AsMemory(), ct);
    }

    private string Head(string? project, List<byte[]> hashes, long shown)
    {
        using var key = keys.Audit();
        var root = Convert.ToHexStringLower(MerkleTree.Root(hashes));
        var head = new TreeHead(hashes.Count, root, clock.GetUtcNow().UtcDateTime, project ?? "*", shown);
        return CanonicalJson.Write(new SignedTreeHead(head, head.Sign(key), Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())));
    }
}

/// <summary>The last line of an export.</summary>
/// <param name="TreeHead">What is signed.</param>
/// <param name="Signature">Base64, IEEE P1363 form (r || s).</param>
/// <param name="PublicKey">Base64, SubjectPublicKeyInfo.</param>
internal sealed record SignedTreeHead(TreeHead TreeHead, string Signature, string PublicKey);
