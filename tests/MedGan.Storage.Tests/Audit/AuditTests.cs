using System.Text;
using MedGan.Storage.Audit;
using MedGan.Storage.Keys;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Tests.Audit;

public sealed class AuditTests : IAsyncLifetime
{
    private DataFolder _folder = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _folder = await DataFolder.CreateAsync();
        await AppendAsync(5, "alpha");
        await AppendAsync(4, "beta");
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    [Fact]
    public async Task Append_WithoutTransaction_IsRefused()
    {
        await using var db = _folder.Db();
        Assert.Throws<InvalidOperationException>(() => _folder.Get<AuditLog>().Append(db, "x", "p", "a", new { }));
    }

    [Fact]
    public async Task Append_TransactionRolledBack_LeavesNoGap()
    {
        await using (var db = _folder.Db())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            _folder.Get<AuditLog>().Append(db, "lost", "alpha", "a", new { });
            await db.SaveChangesAsync(Ct);
        }
        await AppendAsync(1, "alpha");
        await using var after = _folder.Db();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), after.AuditLeaves.OrderBy(l => l.Index).Select(l => l.Index));
    }

    [Theory]
    [InlineData("UPDATE AuditLeaves SET LeafJson = 'x' WHERE \"Index\" = 3")]
    [InlineData("DELETE FROM AuditLeaves WHERE \"Index\" = 8")]
    public async Task Database_ChangeOfALeaf_IsRefusedByTheSchema(string sql)
    {
        await using var db = _folder.Db();
        var refused = await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync(sql, Ct));
        Assert.Contains("append-only", refused.Message);
    }

    [Fact]
    public async Task Export_WholeLog_Verifies()
    {
        var result = Verify(await ExportAsync(null));
        Assert.True(result.Valid, result.Problem);
        Assert.Equal((9, 9, "*"), (result.Leaves, result.Shown, result.Head!.Scope));
    }

    [Fact]
    public async Task Export_OneProject_VerifiesAndHidesTheOthersLeaves()
    {
        var lines = await ExportAsync("alpha");
        var result = Verify(lines);
        Assert.True(result.Valid, result.Problem);
        Assert.Equal((9, 5), (result.Leaves, result.Shown));
        Assert.DoesNotContain(lines, l => l.Contains("beta"));
        Assert.Contains("\"action\":\"test.3\"", lines[3]);
    }

    [Fact]
    public async Task Export_EmptyLog_Verifies()
    {
        await using var empty = await DataFolder.CreateAsync();
        var lines = await ExportAsync(null, empty);
        Assert.Single(lines);
        Assert.True(Verify(lines).Valid);
    }

    [Theory]
    [InlineData("changed", 3)]
    [InlineData("changed with its hash", 10)]
    [InlineData("removed", 3)]
    [InlineData("removed and renumbered", 3)]
    [InlineData("swapped", 3)]
    [InlineData("swapped and renumbered", 3)]
    [InlineData("doubled", 4)]
    [InlineData("cut at the end", 9)]
    [InlineData("cut with its head", 5)]
    [InlineData("turned into a hash", 10)]
    [InlineData("head of another size", 10)]
    [InlineData("signature changed", 10)]
    [InlineData("line after the head", 11)]
    [InlineData("leaf before the leaf", 3)]
    [InlineData("hash twice", 3)]
    [InlineData("member of no export", 3)]
    [InlineData("head twice", 10)]
    [InlineData("member beside the head", 10)]
    [InlineData("member in the head", 10)]
    [InlineData("not JSON", 3)]
    [InlineData("no index", 3)]
    [InlineData("hash is not hex", 3)]
    public async Task Verify_TamperedExport_NamesTheFirstBrokenLine(string attack, long brokenLine)
    {
        var lines = await ExportAsync(null);
        Assert.True(Verify(lines).Valid);
        Tamper(lines, attack);
        var result = Verify(lines);
        Assert.False(result.Valid);
        Assert.Equal(brokenLine, result.BrokenLine);
        Assert.NotNull(result.Problem);
    }

    [Fact]
    public async Task Verify_ExportReSignedWithAnotherKey_IsSeenByTheFingerprint()
    {
        await using var other = await DataFolder.CreateAsync();
        var ours = Verify(await ExportAsync(null)).KeyFingerprint;
        var forged = await ExportAsync(null, other);
        Assert.True(Verify(forged).Valid);
        var result = AuditVerifier.Verify(Stream(forged), ours);
        Assert.Equal("The export was signed with another key than the trusted one.", result.Problem);
    }

    [Fact]
    public async Task VerifyExtends_LaterExport_HoldsAndARewrittenLogDoesNot()
    {
        var older = await ExportAsync("alpha");
        await AppendAsync(3, "alpha");
        var newer = await ExportAsync(null);
        Assert.True(AuditVerifier.VerifyExtends(Stream(older), Stream(newer)).Valid);
        Assert.Equal(10, AuditVerifier.VerifyExtends(Stream(newer), Stream(older)).BrokenLine);
        Assert.False(AuditVerifier.VerifyExtends(Stream(older), Stream(newer), new string('0', 64)).Valid);

        await using (var db = _folder.Db())
        {
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER AuditLeaves_NoUpdate", Ct);
            var leaf = CanonicalJson.Write(new { index = 2, project = "alpha", action = "rewritten" });
            var hash = Convert.ToHexStringLower(MerkleTree.LeafHash(Encoding.UTF8.GetBytes(leaf)));
            await db.Database.ExecuteSqlAsync($"UPDATE AuditLeaves SET LeafJson = {leaf}, LeafHash = {hash} WHERE \"Index\" = 2", Ct);
        }
        var rewritten = await ExportAsync(null);
        Assert.True(Verify(rewritten).Valid); // signed again by the service itself: only an earlier export can tell
        Assert.Equal(3, AuditVerifier.VerifyExtends(Stream(older), Stream(rewritten)).BrokenLine);
    }

    [Fact]
    public async Task Export_LeafChangedInTheDatabaseFile_IsSeenByTheVerifier()
    {
        await using (var db = _folder.Db())
        {
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER AuditLeaves_NoUpdate", Ct);
            await db.Database.ExecuteSqlRawAsync("UPDATE AuditLeaves SET LeafJson = replace(LeafJson, 'somebody', 'nobody') WHERE \"Index\" = 4", Ct);
        }
        Assert.Equal(5, Verify(await ExportAsync(null)).BrokenLine);
    }

    private static void Tamper(List<string> lines, string attack)
    {
        switch (attack)
        {
            case "changed": lines[2] = lines[2].Replace("somebody", "nobody"); break;
            case "changed with its hash": lines[2] = Leaf(2, lines[2].Split("\"leaf\":")[1][..^1].Replace("somebody", "nobody")); break;
            case "removed": lines.RemoveAt(2); break;
            case "removed and renumbered":
                lines.RemoveAt(2);
                for (var i = 2; i < 8; i++) lines[i] = lines[i].Replace($"{{\"index\":{i + 1},\"hash\"", $"{{\"index\":{i},\"hash\"");
                break;
            case "swapped": (lines[2], lines[3]) = (lines[3], lines[2]); break;
            case "swapped and renumbered":
                (lines[2], lines[3]) = (lines[3].Replace("{\"index\":3,\"hash\"", "{\"index\":2,\"hash\""), lines[2].Replace("{\"index\":2,\"hash\"", "{\"index\":3,\"hash\""));
                break;
            case "doubled": lines.Insert(3, lines[2]); break;
            case "cut at the end": lines.RemoveAt(8); break;
            case "cut with its head": lines.RemoveRange(4, lines.Count - 4); break;
            case "turned into a hash": lines[2] = lines[2].Split(",\"leaf\"")[0] + "}"; break;
            case "head of another size": lines[9] = lines[9].Replace("\"size\":9", "\"size\":8"); break;
            case "signature changed": lines[9] = Flip(lines[9], "\"signature\":\""); break;
            case "line after the head": lines.Add(lines[0]); break;
            case "leaf before the leaf": lines[2] = lines[2].Replace(",\"leaf\":", ",\"leaf\":{\"action\":\"forged\"},\"leaf\":"); break;
            case "hash twice": lines[2] = lines[2].Replace("{\"index\"", "{\"hash\":\"00\",\"index\""); break;
            case "member of no export": lines[2] = lines[2].Replace("{\"index\"", "{\"note\":\"forged\",\"index\""); break;
            case "head twice": lines[9] = lines[9].Replace("\"treeHead\":", "\"treeHead\":{},\"treeHead\":"); break;
            case "member beside the head": lines[9] = "{\"note\":\"forged\"," + lines[9][1..]; break;
            case "member in the head": lines[9] = lines[9].Replace("\"treeHead\":{", "\"treeHead\":{\"note\":\"forged\","); break;
            case "not JSON": lines[2] = "leaf"; break;
            case "no index": lines[2] = """{"hash":"00"}"""; break;
            case "hash is not hex": lines[2] = """{"index":2,"hash":"zz"}"""; break;
            default: throw new ArgumentException(attack, nameof(attack));
        }
    }

    private static string Leaf(int index, string json) =>
        $"{{\"index\":{index},\"hash\":\"{Convert.ToHexStringLower(MerkleTree.LeafHash(Encoding.UTF8.GetBytes(json)))}\",\"leaf\":{json}}}";

    private static string Flip(string line, string before)
    {
        var at = line.IndexOf(before, StringComparison.Ordinal) + before.Length + 5;
        return line[..at] + (line[at] == 'A' ? 'B' : 'A') + line[(at + 1)..];
    }

    private async Task AppendAsync(int count, string project)
    {
        var audit = _folder.Get<AuditLog>();
        await using var db = _folder.Db();
        await using var transaction = await db.Database.BeginTransactionAsync(Ct);
        for (var i = 0; i < count; i++) audit.Append(db, $"test.{i}", project, "somebody", new { n = i });
        await db.SaveChangesAsync(Ct);
        await transaction.CommitAsync(Ct);
    }

    private async Task<List<string>> ExportAsync(string? project, DataFolder? folder = null)
    {
        using var stream = new MemoryStream();
        await (folder ?? _folder).Get<AuditExport>().WriteAsync(project, stream, Ct);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n')];
    }

    private static AuditVerification Verify(List<string> lines) => AuditVerifier.Verify(Stream(lines));

    private static MemoryStream Stream(List<string> lines) => new(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
}
