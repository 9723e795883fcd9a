using System.Data.Common;
using MassTransit;
using MedGan.Storage;
using MedGan.Storage.Database;
using MedGan.Storage.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Messages;

/// <summary>
/// Publishes what is in the outbox, and notes what the broker confirmed. While the broker is away, uploads and jobs go on and events wait.
/// Several workers may publish at once: each takes other events.
/// </summary>
internal sealed partial class OutboxPublisher(OutboxStore outbox, IBus bus, TimeProvider clock, ILogger<OutboxPublisher> log) : BackgroundService
{
    private const int AtOnce = 50;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(6);

    private static readonly Dictionary<string, Type> Contracts = typeof(StudyIngested).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(StudyIngested).Namespace && t.IsDefined(typeof(EntityNameAttribute), inherit: false)).ToDictionary(t => t.Name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (pause, waiting) = (LookEvery, false);
        var forgotten = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            var went = await PublishAsync(stoppingToken);
            if (!went && !waiting) Waits(log); // once, not every round
            if (went && waiting) GoesOn(log);
            waiting = !went;
            pause = went ? LookEvery : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            if (went && clock.GetElapsedTime(forgotten) > ForgetEvery)
            {
                await outbox.ForgetAsync(stoppingToken);
                forgotten = clock.GetTimestamp();
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    /// <summary>One round. False when events are waiting that could not be published.</summary>
    internal async Task<bool> PublishAsync(CancellationToken ct)
    {
        try
        {
            while (await outbox.ClaimAsync(AtOnce, ct) is { Count: > 0 } events)
            {
                var published = await PublishAsync(events, ct);
                await outbox.SettleAsync([.. events.Take(published).Select(e => e.Id)], [.. events.Skip(published).Select(e => e.Id)], CancellationToken.None);
                if (published < events.Count) return false;
            }
            return true;
        }
        catch (Exception e) when (e is DbException or DbUpdateException || Transient.IsCauseOf(e))
        {
            return true; // that is not the broker's fault; claims run out, and the next round tries again
        }
    }

    /// <summary>How many of them, in their order, the broker has confirmed.</summary>
    private async Task<int> PublishAsync(IReadOnlyList<OutboxRecord> events, CancellationToken stopping)
    {
        for (var i = 0; i < events.Count; i++)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            enough.CancelAfter(Patience);
            try
            {
                await PublishAsync(events[i], enough.Token);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return i; // whatever the transport throws, the event stays in the outbox
            }
        }
        return events.Count;
    }

    private Task PublishAsync(OutboxRecord one, CancellationToken ct)
    {
        var type = Contracts[one.Type];
        var message = System.Text.Json.JsonSerializer.Deserialize(one.Body, type, StorageJson.Options)!;
        return bus.Publish(message, type, context => (context.MessageId, context.CorrelationId) = (one.MessageId, one.CorrelationId), ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message broker does not take events; they wait in the outbox.")]
    private static partial void Waits(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "The message broker takes events again.")]
    private static partial void GoesOn(ILogger log);
}
