using System.Globalization;
using MedGan.Jobs.Hosting;
using MedGan.Models.Training;

namespace MedGan.Jobs.Train;

/// <summary>Follows a training: progress and time left to the job, loss curves and sample sheets to the job's folder.</summary>
internal sealed class TrainingFollower : ITrainingObserver
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(3);

    private readonly CycleGanPlan plan;
    private readonly JobProgress progress;
    private readonly TimeProvider clock;
    private readonly LossLog losses;
    private readonly string samplesFolder;
    private readonly long started;
    private readonly TimeSpan before;
    private readonly double shareBefore;
    private long lastSave;

    public TrainingFollower(CycleGanPlan plan, CycleGanTrainer trainer, string workFolder, JobProgress progress, TimeProvider clock)
    {
        (this.plan, this.progress, this.clock) = (plan, progress, clock);
        losses = new LossLog(Path.Combine(workFolder, "losses.json"));
        samplesFolder = Path.Combine(workFolder, "samples");
        started = lastSave = clock.GetTimestamp();
        before = trainer.Elapsed;
        shareBefore = Share(trainer.Step, trainer.Elapsed);
    }

    public void OnStep(StepLosses step)
    {
        losses.Add(new LossPoint(step.Step, step.Generator, step.DiscriminatorA, step.DiscriminatorB, step.Cycle, step.Identity));
        var run = clock.GetElapsedTime(started);
        var share = Share(step.Step, before + run);
        var left = share > shareBefore ? run * ((1 - share) / (share - shareBefore)) : TimeSpan.Zero;
        progress.Post(TrainJob.ShareOfTraining * share, string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step}{(plan.MaxSteps is { } most ? $" of {most}" : "")}, about {Readable(left)} left, cycle loss {step.Cycle:0.000}, generators {step.Generator:0.00}"));
        if (clock.GetElapsedTime(lastSave) < SaveInterval) return;
        lastSave = clock.GetTimestamp();
        losses.Save();
    }

    public void OnSamples(SampleGrid grid) => SampleSheet.Save(grid, samplesFolder);

    /// <summary>Writes the curves as they are now.</summary>
    public void SaveLosses() => losses.Save();

    /// <summary>How much of the budget is used, 0 to 1; of two budgets, the one nearer to its end.</summary>
    private double Share(long step, TimeSpan elapsed) => Math.Clamp(Math.Max(
        plan.MaxSteps is { } steps ? (double)step / steps : 0,
        plan.MaxMinutes is { } minutes ? elapsed.TotalMinutes / minutes : 0), 0, 1);

    private static string Readable(TimeSpan time) => time < TimeSpan.FromMinutes(1.5)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min");
}
