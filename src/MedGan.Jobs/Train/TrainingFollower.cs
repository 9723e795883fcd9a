using System.Globalization;
using MedGan.Jobs.Hosting;
using MedGan.Models.Training;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Train;

/// <summary>Follows a training: progress and time left to the job, loss curves, sample sheets and checkpoints to the store.</summary>
internal sealed class TrainingFollower : ITrainingFollower
{
    private const string LossFile = "losses.json";

    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(3);

    private readonly TrainingPlan plan;
    private readonly CohortMethod method;
    private readonly JobProgress progress;
    private readonly TimeProvider clock;
    private readonly LossLog losses;
    private readonly DataFiles files;
    private readonly JobLease lease;
    private readonly string work;
    private readonly long started;
    private readonly TimeSpan before;
    private readonly double shareBefore;
    private long lastSave;
    private Task storing = Task.CompletedTask;

    public TrainingFollower(TrainingPlan plan, CohortMethod method, Trainer trainer, DataFiles files, JobLease lease, string work, JobProgress progress, TimeProvider clock)
    {
        (this.plan, this.method, this.progress, this.clock) = (plan, method, progress, clock);
        (this.files, this.lease, this.work) = (files, lease, work);
        losses = new LossLog(Path.Combine(work, LossFile));
        started = lastSave = clock.GetTimestamp();
        before = trainer.Elapsed;
        shareBefore = Share(trainer.Step, trainer.Elapsed);
    }

    public void OnStep(long step, IReadOnlyDictionary<string, double> ofStep)
    {
        losses.Add(new LossPoint(step, ofStep));
        var run = clock.GetElapsedTime(started);
        var share = Share(step, before + run);
        var left = share > shareBefore ? run * ((1 - share) / (share - shareBefore)) : TimeSpan.Zero;
        var figures = string.Join(", ", ofStep.Take(2).Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value:0.000}")));
        progress.Post(TrainJob.ShareOfTraining * share, string.Create(CultureInfo.InvariantCulture,
            $"step {step}{(plan.MaxSteps is { } most ? $" of {most}" : "")}, about {Readable(left)} left, {figures}"));
        if (clock.GetElapsedTime(lastSave) < SaveInterval) return;
        lastSave = clock.GetTimestamp();
        losses.Save();
        if (storing.IsCompleted) StoreLosses(); // else the next ones will do
    }

    public void OnSamples(long step, SampleSheet sheet)
    {
        var png = SamplePicture.Of(sheet, method.Columns, method.Rows).ToPng();
        Store("sample sheet", () => files.WriteAsync(lease, Samples(lease.Id, step), stream => stream.Write(png), CancellationToken.None));
    }

    /// <summary>The checkpoint goes to the store, from which another worker can go on. The trainer keeps its files until the checkpoint after the next.</summary>
    public void OnCheckpoint(long step)
    {
        Stored(); // of the checkpoint before: training waits for a store that is slower than it
        var newest = Directory.EnumerateDirectories(ModelTraining.Checkpoints(work), "step-*").Max(StringComparer.Ordinal)!;
        var folder = DataFiles.CheckpointFolder(lease.Id);
        Store("checkpoint", () => files.PushAsync(lease, newest, $"{folder}/{Path.GetFileName(newest)}", folder, CancellationToken.None));
    }

    /// <summary>Stores the curves as they are now.</summary>
    public void SaveLosses()
    {
        losses.Save();
        StoreLosses();
    }

    /// <summary>Waits until everything is stored that was to be.</summary>
    public void Stored() => storing.GetAwaiter().GetResult();

    /// <summary>Where the curves are stored.</summary>
    public static string Losses(Guid job) => $"{DataFiles.WorkFolder(job)}/{LossFile}";

    /// <summary>Where the sheet of a step is stored.</summary>
    private static string Samples(Guid job, long step) => string.Create(CultureInfo.InvariantCulture, $"{DataFiles.WorkFolder(job)}/samples/{step}.png");

    private void StoreLosses()
    {
        var json = File.ReadAllBytes(Path.Combine(work, LossFile));
        Store("loss curve", () => files.WriteAsync(lease, Losses(lease.Id), stream => stream.Write(json), CancellationToken.None));
    }

    /// <summary>Stores one thing after the other, beside the training.</summary>
    private void Store(string what, Func<Task> store) => storing = StoreAsync(storing, what, store);

    /// <summary>A store that is away does not stop a training: what it misses comes with the next checkpoint.</summary>
    private async Task StoreAsync(Task before, string what, Func<Task> store)
    {
        await before;
        try
        {
            await Task.Run(store);
        }
        catch (ObjectStoreUnavailableException)
        {
            progress.Log($"The object store did not take a {what}; the training goes on.");
        }
    }

    private double Share(long step, TimeSpan elapsed) => plan.Share(step, method.Method.ImagesPerStep, elapsed);

    private static string Readable(TimeSpan time) => time < TimeSpan.FromMinutes(1.5)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
