namespace MedGan.Storage.Queue;

/// <summary>A job cannot go on, for a reason that a person can understand. The sentence is stored and shown.</summary>
public class JobFailedException(string plainSentence, Exception? inner = null) : Exception(plainSentence, inner);

/// <summary>The lease was lost: another worker took the job, or it has ended. Nothing was written.</summary>
public sealed class StaleEpochException(Guid job, int epoch)
    : Exception($"Job {job:N} is no longer held at epoch {epoch}; nothing was written.");

/// <summary>Another worker process holds the data folder.</summary>
public sealed class WorkerAlreadyRunningException(string dataFolder)
    : Exception($"Another worker is already using {dataFolder}; stop it first, or start this one with another --data folder.");
