using MedGan.Storage.Database;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Storage.Outbox;

/// <summary>
/// Events out (transactional outbox) and messages in (inbox). At least once: an event is published again when a publisher died between
/// the broker's confirmation and its note of it; its message id is the same.
/// </summary>
public sealed class OutboxStore(IDbContextFactory<MedGanDb> dbs, TimeProvider clock)
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <summary>Adds an event to the caller's open transaction: no change, no event, and no event without the change.</summary>
    /// <param name="db">A context with an open transaction.</param>
    /// <param name="project">The project it is about.</param>
    /// <param name="correlation">What set off the chain of jobs; <see cref="Queue.JobLease.Correlation"/>.</param>
    /// <param name="message">A contract. Identifiers of ours and figures only: it leaves the system.</param>
    public void Add(MedGanDb db, string project, Guid correlation, object message) => db.Outbox.Add(new OutboxRecord
    {
        MessageId = Guid.CreateVersion7(clock.GetUtcNow()),
        Type = message.GetType().Name,
        Project = project,
        Body = StorageJson.Write(message),
        CorrelationId = correlation,
        CreatedAt = clock.GetUtcNow(),
    });

    /// <summary>Takes the oldest events that nobody is publishing, for a minute.</summary>
    public async Task<IReadOnlyList<OutboxRecord>> ClaimAsync(int atMost, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        if (!await db.Outbox.AnyAsync(o => o.PublishedAt == null, ct)) return []; // most of the time: no write lock for that
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = await DatabaseClock.NowAsync(db, clock, ct);
        var events = await db.Outbox.Where(o => o.PublishedAt == null && (o.ClaimedUntil == null || o.ClaimedUntil < now))
            .OrderBy(o => o.Id).Take(atMost).ToListAsync(ct);
        foreach (var one in events) one.ClaimedUntil = now + Claim;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return events;
    }

    /// <summary>Notes what the broker confirmed, and lets go of the rest of a claim.</summary>
    public async Task SettleAsync(IReadOnlyList<long> published, IReadOnlyList<long> notPublished, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = await DatabaseClock.NowAsync(db, clock, ct);
        await db.Outbox.Where(o => published.Contains(o.Id)).ExecuteUpdateAsync(rows => rows.SetProperty(o => o.PublishedAt, now), ct);
        await db.Outbox.Where(o => notPublished.Contains(o.Id)).ExecuteUpdateAsync(rows => rows.SetProperty(o => o.ClaimedUntil, (DateTimeOffset?)null), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Removes what was published, and messages that were dealt with, more than thirty days ago.</summary>
    public async Task ForgetAsync(CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var before = await DatabaseClock.NowAsync(db, clock, ct) - Keep;
        await db.Outbox.Where(o => o.PublishedAt < before).ExecuteDeleteAsync(ct);
        await db.Inbox.Where(i => i.At < before).ExecuteDeleteAsync(ct);
    }

    /// <summary>
    /// Deals with a message once: <paramref name="effect"/> and the note that it was dealt with are stored together, or neither is.
    /// False when it was dealt with before.
    /// </summary>
    public async Task<bool> OnceAsync(Guid message, string consumer, Func<MedGanDb, Task> effect, CancellationToken ct = default)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Inbox.AnyAsync(i => i.MessageId == message && i.Consumer == consumer, ct)) return false;
        db.Inbox.Add(new InboxRecord { MessageId = message, Consumer = consumer, At = await DatabaseClock.NowAsync(db, clock, ct) });
        await effect(db);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
