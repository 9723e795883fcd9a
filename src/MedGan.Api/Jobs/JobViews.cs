using System.Text.Json.Nodes;
using MedGan.Storage.Records;

namespace MedGan.Api.Jobs;

/// <summary>A job in a list.</summary>
public sealed record JobSummary(
    Guid Id, JobKind Kind, JobState State, double Progress, string? Message, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>From its row.</summary>
    public static JobSummary Of(JobRecord job) =>
        new(job.Id, job.Kind, job.State, job.Progress, job.Message, job.Error, job.CreatedAt, job.FinishedAt);
}

/// <summary>One line of a job's log.</summary>
public sealed record JobLogLine(long Id, DateTimeOffset At, string Line);

/// <summary>A job with its log.</summary>
public sealed record JobView(
    Guid Id, JobKind Kind, JobState State, double Progress, string? Message, string? Error, JsonNode? Result, bool CancelRequested,
    int Attempts, string Actor, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, IReadOnlyList<JobLogLine> Log)
{
    /// <summary>From its row and the lines of its log.</summary>
    public static JobView Of(JobRecord job, IReadOnlyList<JobLogLine> log) => new(
        job.Id, job.Kind, job.State, job.Progress, job.Message, job.Error, job.ResultJson is null ? null : JsonNode.Parse(job.ResultJson),
        job.CancelRequested, job.Attempts, job.Actor, job.CreatedAt, job.StartedAt, job.FinishedAt, log);
}
