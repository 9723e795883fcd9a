using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Queue;

/// <summary>How jobs are handed out. Section "MedGan:Queue".</summary>
public sealed class QueueOptions
{
    /// <summary>How many jobs of the queue gpu (Train, Generate, PrivacyGate) one worker runs at once, 0 to 16. 0: this worker leaves them to others.</summary>
    public int GpuSlots { get; init; } = 1;

    /// <summary>How many jobs of the queue cpu (Ingest, Publish) one worker runs at once, 0 to 64.</summary>
    public int CpuSlots { get; init; } = 2;

    /// <summary>How many jobs of one project run at once over all workers, in each queue; 0: as many as there are slots.</summary>
    public int RunningPerProject { get; init; }

    /// <summary>How many jobs of one project may wait or run before further trainings and generations are refused, 1 to 100000.</summary>
    public int OpenPerProject { get; init; } = 1000;

    /// <summary>How often a job may be started without coming to an end or an orderly stop before it is set aside (a worker that crashes has started it), 1 to 100.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How often a job whose failure may pass is tried again, 0 to 20.</summary>
    public int MaxRetries { get; init; } = 5;

    /// <summary>The wait before the first such retry, 0.01 to 600 seconds; each further one waits twice as long, an hour at most.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A job whose worker was not heard of for so long is another worker's, 2 to 600 seconds.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a running job looks for a cancel request and writes its heartbeat.</summary>
    public TimeSpan LeaseInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a worker looks for jobs that are due.</summary>
    public TimeSpan DispatchInterval { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Reads the section; every value is optional.</summary>
    /// <exception cref="InvalidSettingException">A value is not a number within its bounds.</exception>
    public static QueueOptions Read(IConfiguration section)
    {
        var usual = new QueueOptions();
        return new QueueOptions
        {
            GpuSlots = (int)Number(section, nameof(GpuSlots), usual.GpuSlots, 0, 16),
            CpuSlots = (int)Number(section, nameof(CpuSlots), usual.CpuSlots, 0, 64),
            RunningPerProject = (int)Number(section, nameof(RunningPerProject), usual.RunningPerProject, 0, 1000),
            OpenPerProject = (int)Number(section, nameof(OpenPerProject), usual.OpenPerProject, 1, 100_000),
            MaxAttempts = (int)Number(section, nameof(MaxAttempts), usual.MaxAttempts, 1, 100),
            MaxRetries = (int)Number(section, nameof(MaxRetries), usual.MaxRetries, 0, 20),
            RetryDelay = TimeSpan.FromSeconds(Number(section, "RetryDelaySeconds", usual.RetryDelay.TotalSeconds, 0.01, 600)),
            LeaseTimeout = TimeSpan.FromSeconds(Number(section, "LeaseTimeoutSeconds", usual.LeaseTimeout.TotalSeconds, 2, 600)),
        };
    }

    private static double Number(IConfiguration section, string name, double usual, double least, double most)
    {
        if (section[name] is not { Length: > 0 } text) return usual;
        var whole = name.EndsWith("Seconds", StringComparison.Ordinal) ? System.Globalization.NumberStyles.Float : System.Globalization.NumberStyles.None;
        return double.TryParse(text, whole, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new InvalidSettingException($"MedGan:Queue:{name} must be a number from {least} to {most}.");
    }
}
