using System.Diagnostics;
using System.Diagnostics.Metrics;
using MedGan.Storage.Records;

namespace MedGan.Storage.Queue;

/// <summary>
/// What is measured of the stages, and the activities that join a request to the jobs it sets off. No project, cohort or person is named:
/// the label "stage" is the stage's name, "state" how it ended.
/// </summary>
public static class QueueTelemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "MedGan";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("medgan.jobs", "{job}", "Runs of jobs, by how they ended: succeeded, failed, cancelled, retried, given-back, lost.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("medgan.job.duration", "s", "How long a worker was at a job.");
    private static readonly Histogram<double> Wait = Meter.CreateHistogram<double>("medgan.job.wait", "s", "How long a job waited for its first worker.");
    private static readonly Counter<long> Instances = Meter.CreateCounter<long>("medgan.upload.instances", "{instance}", "Uploaded instances by what became of them.");
    private static readonly Counter<long> Images = Meter.CreateCounter<long>("medgan.gate.images", "{image}", "Generated images by the verdict of the privacy gate.");

    /// <summary>The activity of a job's run, whose parent is what queued it; null where nobody listens.</summary>
    internal static Activity? Start(JobLease lease)
    {
        ActivityContext.TryParse(lease.TraceParent, null, out var parent);
        var activity = Activities.StartActivity(lease.Kind.ToString(), ActivityKind.Consumer, parent);
        activity?.SetTag("medgan.job", lease.Id).SetTag("medgan.epoch", lease.Epoch).SetTag("medgan.correlation", lease.Correlation);
        return activity;
    }

    /// <summary>A worker took a job for the first time.</summary>
    internal static void Waited(JobKind stage, TimeSpan time) => Wait.Record(time.TotalSeconds, Stage(stage));

    /// <summary>A worker's time with a job is over.</summary>
    internal static void Ran(JobLease lease, TimeSpan time)
    {
        var state = lease.End ?? "lost"; // another worker has it now, or will have
        Activity.Current?.SetTag("medgan.state", state).SetStatus(state is "failed" or "lost" ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        Ended.Add(1, Stage(lease.Kind), new("state", state));
        Duration.Record(time.TotalSeconds, Stage(lease.Kind));
    }

    /// <summary>Instances of an upload came to the same outcome.</summary>
    public static void Uploaded(string outcome, long instances) => Instances.Add(instances, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The gate has judged a set.</summary>
    public static void Judged(long released, long withheld)
    {
        Images.Add(released, new KeyValuePair<string, object?>("verdict", "released"));
        Images.Add(withheld, new KeyValuePair<string, object?>("verdict", "withheld"));
    }

    private static KeyValuePair<string, object?> Stage(JobKind stage) => new("stage", stage.ToString());
}
