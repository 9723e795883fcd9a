using MassTransit;
using MedGan.Storage;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Messages;

/// <summary>Carries out <see cref="IngestStudy"/>.</summary>
internal sealed class IngestStudyConsumer(BusCommands commands, StudyFetches fetches, PacsOptions archives) : IConsumer<IngestStudy>
{
    public async Task Consume(ConsumeContext<IngestStudy> context)
    {
        var (command, ct) = (context.Message, context.CancellationToken);
        var reference = new StudyReference(command.StudyInstanceUid, command.SeriesInstanceUid);
        var reason = WhyNot(command, reference);
        // Sealed before the transaction, and only for what will be queued.
        await using var fetch = reason is null && commands.Serves(command.Project)
            ? await fetches.PrepareAsync(new FetchRequest(command.Project, command.Cohort, command.Pacs), reference, ct)
            : null;
        await commands.HandleAsync(context, command.Project, async (db, correlation) =>
        {
            if (fetch is not null) await fetch.AddAsync(db, BusCommands.Actor, correlation, ct);
            return reason;
        });
    }

    private string? WhyNot(IngestStudy command, StudyReference reference)
    {
        if (!ResourceName.IsValid(command.Project) || !ResourceName.IsValid(command.Cohort)) return $"The names of project and cohort must be {ResourceName.Rule}.";
        if (archives.Find(command.Pacs, command.Project) is null) return "The settings name no such PACS that the project may use.";
        return reference.IsValid ? null : "The study or series is not named by a UID.";
    }
}
