using MassTransit;
using MedGan.Storage;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Messages;

/// <summary>Carries out <see cref="IngestStudy"/>, once for each message id.</summary>
internal sealed class IngestStudyConsumer(OutboxStore outbox, StudyFetches fetches, PacsOptions archives, BusOptions options, RefusedCommands refused) : IConsumer<IngestStudy>
{
    public async Task Consume(ConsumeContext<IngestStudy> context)
    {
        var (command, ct) = (context.Message, context.CancellationToken);
        var (id, correlation) = RefusedCommands.IdsOf(context);
        if (WhyNot(command) is { } reason)
        {
            await outbox.OnceAsync(id, nameof(IngestStudy), db => refused.AddAsync(db, nameof(IngestStudy), command.Project, id, correlation, reason), ct);
            return;
        }
        await using var fetch = await fetches.PrepareAsync(
            new FetchRequest(command.Project, command.Cohort, command.Pacs), new StudyReference(command.StudyInstanceUid, command.SeriesInstanceUid), ct);
        await outbox.OnceAsync(id, nameof(IngestStudy), async db =>
        {
            try
            {
                await fetch.AddAsync(db, RefusedCommands.Actor, correlation, ct);
            }
            catch (QuotaExceededException e)
            {
                await refused.AddAsync(db, nameof(IngestStudy), command.Project, id, correlation, e.Message);
            }
        }, ct);
    }

    private string? WhyNot(IngestStudy command)
    {
        if (string.IsNullOrEmpty(command.Project) || !options.Serves(command.Project)) return "The project takes no commands of the bus.";
        if (!ResourceName.IsValid(command.Project) || !ResourceName.IsValid(command.Cohort)) return $"The names of project and cohort must be {ResourceName.Rule}.";
        if (archives.Find(command.Pacs, command.Project) is null) return "The settings name no such PACS that the project may use.";
        return new StudyReference(command.StudyInstanceUid, command.SeriesInstanceUid).IsValid ? null : "The study or series is not named by a UID.";
    }
}
