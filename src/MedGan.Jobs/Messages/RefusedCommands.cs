using MassTransit;
using MedGan.Storage.Audit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Messages;

/// <summary>Commands of the bus that are not carried out: the audit trail has them, and the sender hears why.</summary>
internal sealed class RefusedCommands(OutboxStore outbox, BusOptions options, AuditLog audit)
{
    /// <summary>Who a command of the bus is on the audit trail.</summary>
    public const string Actor = "service:bus";

    /// <summary>The command's own id, and what its chain of jobs is known by.</summary>
    public static (Guid Id, Guid Correlation) IdsOf(ConsumeContext context)
    {
        // A sender that gives no id has no second delivery either that could be told from another command.
        var id = context.MessageId ?? throw new InvalidOperationException("A command needs a message id.");
        return (id, context.CorrelationId ?? id);
    }

    /// <summary>Adds both to the caller's open transaction.</summary>
    public Task AddAsync(MedGanDb db, string command, string? project, Guid message, Guid correlation, string reason)
    {
        // What the sender wrote may be anything: only a project that this bus serves is named.
        var named = project is { Length: > 0 and <= 64 } && options.Serves(project) ? project : "";
        audit.Append(db, AuditActions.CommandRefused, named, Actor, new { command, message, correlation, reason });
        outbox.Add(db, named, correlation, new CommandRefused(named, command, message, reason));
        return Task.CompletedTask;
    }
}
