using MassTransit;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Messages;

/// <summary>Carries out <see cref="RequestSyntheticSet"/>.</summary>
internal sealed class SyntheticSetConsumer(BusCommands commands, SyntheticSetRequests requests) : IConsumer<RequestSyntheticSet>
{
    public Task Consume(ConsumeContext<RequestSyntheticSet> context) => commands.HandleAsync(context, context.Message.Project, async (db, correlation) =>
        (await requests.AddAsync(db, context.Message.Project, context.Message.Training, BusCommands.Actor, correlation, context.CancellationToken)).Refusal switch
        {
            SetRefusal.NoSuchTraining => "The project has no such training.",
            SetRefusal.NotCompleted => "The training has no finished model.",
            _ => null,
        });
}
