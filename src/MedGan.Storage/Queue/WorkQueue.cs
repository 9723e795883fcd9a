using MedGan.Storage.Records;

namespace MedGan.Storage.Queue;

/// <summary>Which jobs compete for the same slots of a worker.</summary>
public enum WorkQueue
{
    /// <summary>Decoding, writing, sending.</summary>
    Cpu,
    /// <summary>What computes with a network: on the graphics card where there is one.</summary>
    Gpu,
}

/// <summary>The queue and the usual priority of each kind of job.</summary>
internal static class WorkQueues
{
    public static WorkQueue Of(JobKind kind) => kind is JobKind.Train or JobKind.Generate or JobKind.PrivacyGate ? WorkQueue.Gpu : WorkQueue.Cpu;

    /// <summary>A set that was begun is finished first, then new sets come, then trainings, which take longest.</summary>
    public static int PriorityOf(JobKind kind) => kind switch
    {
        JobKind.PrivacyGate => 20,
        JobKind.Generate => 10,
        _ => 0,
    };

    /// <summary>The execution group that Quartz counts the queue's running jobs in.</summary>
    public static string Group(WorkQueue queue) => queue == WorkQueue.Gpu ? "gpu" : "cpu";
}
