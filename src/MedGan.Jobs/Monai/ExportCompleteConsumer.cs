using MassTransit;
using MedGan.Storage.Audit;
using MedGan.Storage.Outbox;
using MedGan.Storage.Records;
using Microsoft.EntityFrameworkCore;

namespace MedGan.Jobs.Monai;

/// <summary>Notes on the audit trail what became of an export that MedGan asked for. Once for each message id.</summary>
internal sealed class ExportCompleteConsumer(OutboxStore outbox, AuditLog audit) : IConsumer<ExportComplete>
{
    public Task Consume(ConsumeContext<ExportComplete> context)
    {
        var complete = context.Message;
        if (!Guid.TryParse(complete.ExportTaskId, out var job)) return Task.CompletedTask; // somebody else's export
        return outbox.OnceAsync(context.MessageId ?? job, nameof(ExportComplete), async db =>
        {
            if (await db.Jobs.AsNoTracking().SingleOrDefaultAsync(j => j.Id == job && j.Kind == JobKind.ExportPayload, context.CancellationToken) is not { } row) return;
            var files = complete.FileStatuses ?? new Dictionary<string, string>();
            audit.Append(db, AuditActions.SetExported, row.Project, "service:gateway", new
            {
                job, set = Guid.TryParse(complete.WorkflowInstanceId, out var set) ? set : (Guid?)null,
                status = complete.Status is "Success" or "Failure" or "PartialFailure" ? complete.Status : "Unknown",
                succeeded = files.Values.Count(s => s == "Success"), failed = files.Values.Count(s => s != "Success"),
            });
        }, context.CancellationToken);
    }
}
