using System.Diagnostics;
using MedGan.Models.Checkpoints;
using MedGan.Models.Metrics;
using MedGan.Models.Sampling;
using MedGan.Models.Training;

namespace MedGan.Bench.Generators;

/// <summary>One method in training, and the time that it has used.</summary>
internal sealed class Contestant : IDisposable
{
    private readonly ClassConditionalPlan plan;
    private readonly ClassConditionalMethod method;
    private readonly bool processorTime;
    private TimeSpan used;
    private long steps;

    public Contestant(string name, ClassConditionalPlan plan, IReadOnlyList<ClassImage> images, bool processorTime)
    {
        (Name, this.plan, this.processorTime) = (name, plan, processorTime);
        method = new ClassConditionalMethod(plan, images);
    }

    public string Name { get; }
    public long Steps => steps;
    public long Images => steps * method.ImagesPerStep;
    public double Minutes => used.TotalMinutes;
    public IReadOnlyDictionary<string, double> Losses { get; private set; } = new Dictionary<string, double>();

    /// <summary>Trains until so many minutes of its own are used.</summary>
    /// <param name="until">Minutes.</param>
    /// <param name="budget">Minutes in all, which schedules go by.</param>
    public void Train(double until, double budget)
    {
        var (before, start) = (used, Now());
        while (used.TotalMinutes < until)
        {
            Losses = method.TakeStep(steps++, used.TotalMinutes / budget);
            used = before + (Now() - start);
        }
    }

    /// <param name="count">Of each class.</param>
    /// <returns>By class, values in [-1, 1].</returns>
    public IReadOnlyDictionary<string, float[][]> Sample(int count, string folder)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(Path.Combine(folder, "weights.safetensors"), method.ExportedWeights());
        File.WriteAllText(Path.Combine(folder, "plan.json"), plan.ToJson());
        using var generator = ClassConditionalGenerator.Load(folder, "cpu");
        return plan.Classes.ToDictionary(name => name, name => generator.Sample(name, count, seed: 1));
    }

    private TimeSpan Now() => processorTime ? Process.GetCurrentProcess().TotalProcessorTime : Stopwatch.GetElapsedTime(0);

    public void Dispose() => method.Dispose();
}
