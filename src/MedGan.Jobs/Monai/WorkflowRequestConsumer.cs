using MassTransit;
using MedGan.Jobs.Messages;
using MedGan.Storage.Outbox;
using MedGan.Storage.Pacs;
using MedGan.Storage.Queue;
using MedGan.Storage.Records;
using Microsoft.Extensions.Logging;

namespace MedGan.Jobs.Monai;

/// <summary>
/// Takes in a payload of the gateway for each of its workflows that the settings map to a cohort; one that none maps is somebody else's. Once for
/// each message id.
/// </summary>
internal sealed partial class WorkflowRequestConsumer(OutboxStore outbox, JobQueue queue, GatewayOptions options, ILogger<WorkflowRequestConsumer> log) : IConsumer<WorkflowRequest>
{
    public Task Consume(ConsumeContext<WorkflowRequest> context)
    {
        var request = context.Message;
        var targets = (request.Workflows ?? []).Where(options.Workflows.ContainsKey).Select(w => options.Workflows[w]).Distinct().ToList();
        if (targets.Count == 0 || request.PayloadId == Guid.Empty) return Task.CompletedTask;
        if (request.Bucket != options.BucketName)
        {
            OtherBucket(log, request.PayloadId);
            return Task.CompletedTask;
        }
        var (id, correlation) = (context.MessageId ?? request.PayloadId, Guid.TryParse(request.CorrelationId, out var given) ? given : request.PayloadId);
        return outbox.OnceAsync(id, nameof(WorkflowRequest), db =>
        {
            foreach (var (project, cohort) in targets)
                queue.Add(db, project, JobKind.FetchPayload, new PayloadRequest(project, cohort, request.PayloadId), BusCommands.Actor, correlation);
            return Task.CompletedTask;
        }, context.CancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The payload {Payload} lies in another bucket than MedGan:Monai:Bucket names; it is not taken in.")]
    private static partial void OtherBucket(ILogger log, Guid payload);
}
