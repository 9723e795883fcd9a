using System.Text;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Audit;

/// <summary>The append-only log. A leaf is written in the transaction of the change it tells of: no leaf, no change.</summary>
public sealed class AuditLog(TimeProvider clock)
{
    /// <summary>Adds a leaf to the caller's open transaction; it is stored by the caller's SaveChanges.</summary>
    /// <param name="db">A context with an open transaction (BEGIN IMMEDIATE, so that indices have no gaps).</param>
    /// <param name="action">What happened, one of <see cref="AuditActions"/>.</param>
    /// <param name="project">The project it happened in.</param>
    /// <param name="actor">Who asked for it; "worker" for the worker itself.</param>
    /// <param name="detail">Identifiers of ours and figures; never content, never an original value.</param>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    public void Append(MedGanDb db, string action, string project, string actor, object detail)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("An audit leaf belongs to the transaction of the change it tells of; open one first.");
        }
        var index = NextIndex(db);
        var json = CanonicalJson.Write(new { index, at = clock.GetUtcNow().UtcDateTime, action, project, actor, detail });
        db.AuditLeaves.Add(new AuditLeafRecord
        {
            Index = index,
            Project = project,
            LeafJson = json,
            LeafHash = Convert.ToHexStringLower(MerkleTree.LeafHash(Encoding.UTF8.GetBytes(json))),
        });
    }

    /// <summary>The same, bound to one context, project and actor.</summary>
    public AuditWriter For(MedGanDb db, string project, string actor) => new(this, db, project, actor);

    private static long NextIndex(MedGanDb db)
    {
        var pending = db.AuditLeaves.Local.Count == 0 ? -1 : db.AuditLeaves.Local.Max(l => l.Index);
        var stored = db.AuditLeaves.Max(l => (long?)l.Index) ?? -1;
        return Math.Max(pending, stored) + 1;
    }
}

/// <summary>Appends leaves for one context, project and actor.</summary>
public sealed class AuditWriter
{
    private readonly AuditLog _log;
    private readonly MedGanDb _db;
    private readonly string _project;
    private readonly string _actor;

    internal AuditWriter(AuditLog log, MedGanDb db, string project, string actor) => (_log, _db, _project, _actor) = (log, db, project, actor);

    /// <summary>Adds a leaf to the open transaction; see <see cref="AuditLog.Append"/>.</summary>
    public void Append(string action, object detail) => _log.Append(_db, action, _project, _actor, detail);
}
