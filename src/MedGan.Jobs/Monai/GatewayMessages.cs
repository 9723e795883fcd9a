using System.Text.Json.Serialization;
using MassTransit;

namespace MedGan.Jobs.Monai;

/// <summary>A payload has come in (MONAI Deploy, md.workflow.request). Only what MedGan needs of it.</summary>
/// <param name="PayloadId">What the payload's files begin with in the bucket.</param>
/// <param name="Workflows">The workflows that it is for.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="CorrelationId">What it is known by.</param>
public sealed record WorkflowRequest(
    [property: JsonPropertyName("payload_id")] Guid PayloadId,
    [property: JsonPropertyName("workflows")] IReadOnlyList<string>? Workflows,
    [property: JsonPropertyName("bucket")] string? Bucket,
    [property: JsonPropertyName("correlation_id")] string? CorrelationId)
{
    /// <summary>Its routing key.</summary>
    public const string Topic = "md.workflow.request";
}

/// <summary>Asks the gateway to send files to its destinations (MONAI Deploy, md.export.request).</summary>
/// <param name="WorkflowInstanceId">The synthetic set.</param>
/// <param name="ExportTaskId">The job.</param>
/// <param name="Files">Names in the bucket.</param>
/// <param name="Destinations">Names of the gateway's destinations.</param>
/// <param name="CorrelationId">What set off the chain of jobs.</param>
[EntityName("monaideploy")]
public sealed record ExportRequest(
    [property: JsonPropertyName("workflow_instance_id")] string WorkflowInstanceId,
    [property: JsonPropertyName("export_task_id")] string ExportTaskId,
    [property: JsonPropertyName("files")] IReadOnlyList<string> Files,
    [property: JsonPropertyName("destinations")] IReadOnlyList<string> Destinations,
    [property: JsonPropertyName("correlation_id")] string CorrelationId);

/// <summary>What became of an export (MONAI Deploy, md.export.complete).</summary>
/// <param name="WorkflowInstanceId">The synthetic set.</param>
/// <param name="ExportTaskId">The job.</param>
/// <param name="Status">Success, Failure, PartialFailure or Unknown.</param>
/// <param name="FileStatuses">The same for each file.</param>
public sealed record ExportComplete(
    [property: JsonPropertyName("workflow_instance_id")] string? WorkflowInstanceId,
    [property: JsonPropertyName("export_task_id")] string? ExportTaskId,
    [property: JsonPropertyName("status")] string? Status,
    [property: JsonPropertyName("file_statuses")] IReadOnlyDictionary<string, string>? FileStatuses)
{
    /// <summary>Its routing key.</summary>
    public const string Topic = "md.export.complete";
}
