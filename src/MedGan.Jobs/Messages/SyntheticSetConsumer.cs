using MassTransit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Messages;

/// <summary>Carries out <see cref="RequestSyntheticSet"/>, once for each message id.</summary>
internal sealed class SyntheticSetConsumer(OutboxStore outbox, SyntheticSetRequests requests, BusOptions options, RefusedCommands refused) : IConsumer<RequestSyntheticSet>
{
    public Task Consume(ConsumeContext<RequestSyntheticSet> context)
    {
        var (command, ct) = (context.Message, context.CancellationToken);
        var (id, correlation) = RefusedCommands.IdsOf(context);
        return outbox.OnceAsync(id, nameof(RequestSyntheticSet), async db =>
        {
            if (await WhyNotAsync(db, command, correlation, ct) is { } reason) await refused.AddAsync(db, nameof(RequestSyntheticSet), command.Project, id, correlation, reason);
        }, ct);
    }

    private async Task<string?> WhyNotAsync(MedGanDb db, RequestSyntheticSet command, Guid correlation, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(command.Project) || !options.Serves(command.Project)) return "The project takes no commands of the bus.";
        try
        {
            return (await requests.AddAsync(db, command.Project, command.Training, RefusedCommands.Actor, correlation, ct)).Refusal switch
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
}
