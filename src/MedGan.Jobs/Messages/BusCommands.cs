using MassTransit;
using MedGan.Storage.Audit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Messages;

/// <summary>What all commands of the bus have in common: each message id takes effect once; one that is not carried out is on the audit trail, and the sender hears why.</summary>
internal sealed class BusCommands(OutboxStore outbox, BusOptions options, AuditLog audit)
{
    /// <summary>Who a command of the bus is on the audit trail.</summary>
    public const string Actor = "service:bus";

    /// <summary>Whether commands may name a project.</summary>
    public bool Serves(string? project) => !string.IsNullOrEmpty(project) && options.Serves(project);

    /// <summary>Carries out a command.</summary>
    /// <param name="context">The message.</param>
    /// <param name="project">The project that it names.</param>
    /// <param name="carryOut">Its effect in an open transaction, by its correlation id; returns why there is none, or null.</param>
    public Task HandleAsync<T>(ConsumeContext<T> context, string? project, Func<MedGanDb, Guid, Task<string?>> carryOut) where T : class
    {
        // A sender that gives no id has no second delivery either that could be told from another command.
        var id = context.MessageId ?? throw new InvalidOperationException("A command needs a message id.");
        var correlation = context.CorrelationId ?? id;
        return outbox.OnceAsync(id, typeof(T).Name, async db =>
        {
            if (await WhyNotAsync(db, project, correlation, carryOut) is { } reason) Refuse(db, typeof(T).Name, project, id, correlation, reason);
        }, context.CancellationToken);
    }

    private async Task<string?> WhyNotAsync(MedGanDb db, string? project, Guid correlation, Func<MedGanDb, Guid, Task<string?>> carryOut)
    {
        if (!Serves(project)) return "The project takes no commands of the bus.";
        try
        {
            return await carryOut(db, correlation);
        }
        catch (QuotaExceededException e)
        {
            return e.Message;
        }
    }

    private void Refuse(MedGanDb db, string command, string? project, Guid message, Guid correlation, string reason)
    {
        // What the sender wrote may be anything: only a project that this bus serves is named.
        var named = project is { Length: <= 64 } && Serves(project) ? project : "";
        audit.Append(db, AuditActions.CommandRefused, named, Actor, new { command, message, correlation, reason });
        outbox.Add(db, named, correlation, new CommandRefused(named, command, message, reason));
    }
}
