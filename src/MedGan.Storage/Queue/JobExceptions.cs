namespace MedGan.Storage.Queue;

/// <summary>A job cannot go on, for a reason that a person can understand. The sentence is stored and shown.</summary>
public class JobFailedException(string plainSentence, Exception? inner = null) : Exception(plainSentence, inner);

/// <summary>A job cannot go on now, but may later: a server does not answer, say. It is tried again, each time after a longer wait.</summary>
public sealed class TransientJobException(string plainSentence, Exception? inner = null) : JobFailedException(plainSentence, inner)
{
    /// <summary>Whether it is tried again for as long as nobody cancels it, and not only so often as the settings say.</summary>
    public bool UntilItPasses { get; init; }
}

/// <summary>The project has as many open jobs as it may have; see <see cref="QueueOptions.OpenPerProject"/>.</summary>
public sealed class QuotaExceededException(int most)
    : Exception($"{most} jobs of the project wait or run already. Wait until some have ended, or cancel some, then ask again.");

/// <summary>The lease was lost: another worker took the job, or it has ended. Nothing was written.</summary>
public sealed class StaleEpochException(Guid job, int epoch)
    : Exception($"Job {job:N} is no longer held at epoch {epoch}; nothing was written.");

/// <summary>Another worker process holds the data folder.</summary>
public sealed class WorkerAlreadyRunningException(string dataFolder)
    : Exception($"Another worker is already using {dataFolder}; stop it first, or start this one with another --data folder.");
