using MedGan.Storage.Queue;

namespace MedGan.Storage.Records;

/// <summary>The stages that run as jobs.</summary>
public enum JobKind
{
    /// <summary>Stored series to checked volumes.</summary>
    Ingest,
    /// <summary>Cohort snapshot to model version.</summary>
    Train,
    /// <summary>Model version to generated volumes in quarantine.</summary>
    Generate,
    /// <summary>Generated images to released or withheld ones.</summary>
    PrivacyGate,
    /// <summary>Released images to synthetic DICOM.</summary>
    Publish,
    /// <summary>A study of a picture archive to stored instances, as an upload.</summary>
    Fetch,
    /// <summary>Released instances to a picture archive.</summary>
    Deliver,
    /// <summary>A payload of an informatics gateway to stored instances, as an upload.</summary>
    FetchPayload,
    /// <summary>Released instances to an informatics gateway.</summary>
    ExportPayload,
}

/// <summary>A job's state; the last three are final.</summary>
public enum JobState
{
    /// <summary>Durable, waiting for a worker.</summary>
    Queued,
    /// <summary>A worker holds its lease.</summary>
    Running,
    /// <summary>Done.</summary>
    Succeeded,
    /// <summary>Given up; <see cref="JobRecord.Error"/> says why.</summary>
    Failed,
    /// <summary>Stopped on request.</summary>
    Cancelled,
}

/// <summary>One job. The row is the truth; the scheduler only hands it out.</summary>
public sealed class JobRecord
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }
    /// <summary>The project it belongs to.</summary>
    public required string Project { get; init; }
    /// <summary>Which stage it runs.</summary>
    public required JobKind Kind { get; init; }
    /// <summary>Which slots it competes for.</summary>
    public required WorkQueue Queue { get; init; }
    /// <summary>The higher, the sooner.</summary>
    public int Priority { get; init; }
    /// <summary>State.</summary>
    public JobState State { get; set; }
    /// <summary>The request, JSON (see Queue/Requests.cs).</summary>
    public required string RequestJson { get; init; }
    /// <summary>The handler's result, JSON, once succeeded.</summary>
    public string? ResultJson { get; set; }
    /// <summary>Why it failed or that it was cancelled: a plain sentence.</summary>
    public string? Error { get; set; }
    /// <summary>Progress, 0 to 1.</summary>
    public double Progress { get; set; }
    /// <summary>What it is doing, a short phrase.</summary>
    public string? Message { get; set; }
    /// <summary>The lease's epoch: grows by one each time a worker takes the job; a write with an older one is refused.</summary>
    public int Epoch { get; set; }
    /// <summary>How often a worker has started it without coming to an end or an orderly stop.</summary>
    public int Attempts { get; set; }
    /// <summary>How often it failed in a way that may pass.</summary>
    public int Retries { get; set; }
    /// <summary>Not to be started before; by the database's clock.</summary>
    public DateTimeOffset? NotBefore { get; set; }
    /// <summary>How often its lease has written it: a write whose answer was lost is told from one that was not done.</summary>
    public long Writes { get; set; }
    /// <summary>The worker that holds it.</summary>
    public string? Worker { get; set; }
    /// <summary>What set off the chain of jobs that it belongs to: a message's correlation id, or the id of the chain's first job.</summary>
    public Guid? CorrelationId { get; init; }
    /// <summary>The activity that queued it, as W3C trace context writes it; null where none was traced.</summary>
    public string? TraceParent { get; init; }
    /// <summary>Who asked for it.</summary>
    public required string Actor { get; init; }
    /// <summary>Somebody asked for it to stop.</summary>
    public bool CancelRequested { get; set; }
    /// <summary>When it was queued.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When a worker first took it.</summary>
    public DateTimeOffset? StartedAt { get; set; }
    /// <summary>When its worker was last heard of, by the database's clock.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }
    /// <summary>When it reached a final state.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
    /// <summary>Whether the state is final.</summary>
    public bool IsFinal => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}

/// <summary>One line of a job's log. The id grows, so it serves as the event id of a stream.</summary>
public sealed class JobLogRecord
{
    /// <summary>Growing id.</summary>
    public long Id { get; init; }
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }
    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The line: identifiers of ours and figures, never content.</summary>
    public required string Line { get; init; }
}
