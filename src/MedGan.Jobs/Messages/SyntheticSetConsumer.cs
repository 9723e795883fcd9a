using MassTransit;
using MedGan.Storage.Audit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Messages;

/// <summary>Carries out <see cref="RequestSyntheticSet"/>, once for each message id.</summary>
internal sealed class SyntheticSetConsumer(OutboxStore outbox, SyntheticSetRequests requests, BusOptions options, AuditLog audit) : IConsumer<RequestSyntheticSet>
{
    /// <summary>Who a command of the bus is on the audit trail.</summary>
    public const string Actor = "service:bus";

    public Task Consume(ConsumeContext<RequestSyntheticSet> context)
    {
        var (command, ct) = (context.Message, context.CancellationToken);
        // A sender that gives no id has no second delivery either that could be told from another command.
        var id = context.MessageId ?? throw new InvalidOperationException("A command needs a message id.");
        var correlation = context.CorrelationId ?? id;
        return outbox.OnceAsync(id, nameof(RequestSyntheticSet), async db =>
        {
            if (await WhyNotAsync(db, command, correlation, ct) is { } reason) Refuse(db, command.Project ?? "", id, correlation, reason);
        }, ct);
    }

    private async Task<string?> WhyNotAsync(MedGanDb db, RequestSyntheticSet command, Guid correlation, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(command.Project) || !options.Serves(command.Project)) return "The project takes no commands of the bus.";
        try
        {
            return (await requests.AddAsync(db, command.Project, command.Training, Actor, correlation, ct)).Refusal switch
            {
                SetRefusal.NoSuchTraining => "The project has no such training.",
                SetRefusal.NotCompleted => "The training has no finished model.",
                _ => null,
            };
        }
        catch (QuotaExceededException e)
        {
            return e.Message;
        }
    }

    private void Refuse(MedGanDb db, string project, Guid id, Guid correlation, string reason)
    {
        // What the sender wrote may be anything: only a project that this bus serves is named.
        var named = options.Serves(project) && project.Length is > 0 and <= 64 ? project : "";
        audit.Append(db, AuditActions.CommandRefused, named, Actor, new { command = nameof(RequestSyntheticSet), message = id, correlation, reason });
        outbox.Add(db, named, correlation, new CommandRefused(named, nameof(RequestSyntheticSet), id, reason));
    }
}
