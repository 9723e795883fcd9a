namespace MedGan.Storage.Queue;

/// <summary>What people are told of the failures that storage knows.</summary>
internal static class PlainSentences
{
    public static string? Of(Exception e) => e switch
    {
        JobFailedException failed => failed.Message,
        _ when DiskFull.IsCauseOf(e) => DiskFull.Sentence,
        _ when Database.Transient.IsCauseOf(e) => Database.Transient.Sentence,
        Objects.ObjectDamagedException or Objects.ObjectKeyMissingException or Objects.ObjectStoreUnavailableException => e.Message,
        OutOfMemoryException => "The worker ran out of memory; use a smaller image size or batch, or a machine with more memory.",
        _ => e.InnerException is { } inner ? Of(inner) : null,
    };
}
