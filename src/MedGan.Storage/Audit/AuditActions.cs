namespace MedGan.Storage.Audit;

/// <summary>The names of what is audited.</summary>
public static class AuditActions
{
    /// <summary>Instances were stored.</summary>
    public const string UploadStored = "upload.stored";
    /// <summary>Instances were refused.</summary>
    public const string UploadRejected = "upload.rejected";
    /// <summary>A series became a checked volume.</summary>
    public const string SeriesIngested = "series.ingested";
    /// <summary>A series was refused.</summary>
    public const string SeriesRejected = "series.rejected";
    /// <summary>A job became durable.</summary>
    public const string JobQueued = "job.queued";
    /// <summary>A worker took a job.</summary>
    public const string JobStarted = "job.started";
    /// <summary>A worker that stopped in good order put a running job back into the queue.</summary>
    public const string JobGivenBack = "job.given-back";
    /// <summary>A job failed in a way that may pass; it waits to be tried again.</summary>
    public const string JobRetried = "job.retried";
    /// <summary>Somebody asked for a running job to stop.</summary>
    public const string JobCancelRequested = "job.cancel-requested";
    /// <summary>A job came to its end.</summary>
    public const string JobSucceeded = "job.succeeded";
    /// <summary>A job was given up.</summary>
    public const string JobFailed = "job.failed";
    /// <summary>A job was stopped on request.</summary>
    public const string JobCancelled = "job.cancelled";
    /// <summary>A command of the bus was not carried out.</summary>
    public const string CommandRefused = "command.refused";
    /// <summary>A model version is complete.</summary>
    public const string TrainingCompleted = "training.completed";
    /// <summary>A synthetic set lies in quarantine.</summary>
    public const string SetGenerated = "set.generated";
    /// <summary>The privacy gate judged a set.</summary>
    public const string SetJudged = "set.judged";
    /// <summary>Generated images were withheld.</summary>
    public const string ImageWithheld = "image.withheld";
    /// <summary>Generated images were released.</summary>
    public const string ImageReleased = "image.released";
    /// <summary>A set can be downloaded.</summary>
    public const string SetPublished = "set.published";
    /// <summary>Something of a set was downloaded: files, their metadata, or a rendered image.</summary>
    public const string SetDownloaded = "set.downloaded";
    /// <summary>A picture archive has acknowledged every released instance of a set.</summary>
    public const string SetDelivered = "set.delivered";
    /// <summary>An informatics gateway said what became of an export.</summary>
    public const string SetExported = "set.exported";
    /// <summary>A picture that shows uploaded images was looked at: a preview, a sample sheet, a sheet of nearest pairs.</summary>
    public const string ImageViewed = "image.viewed";
    /// <summary>The audit log was exported.</summary>
    public const string AuditExported = "audit.exported";
}
