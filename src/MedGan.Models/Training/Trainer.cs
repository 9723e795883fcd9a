using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MedGan.Models.Checkpoints;
using MedGan.Models.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Trains a method until its budget is used, its validation no longer improves, or its watch sees it go wrong. Killed at any moment, a new trainer with the same plan and
/// images goes on from the last checkpoint; with a budget of steps or images the final weights equal an undisturbed run's, to the bit. Of several processes that train one model
/// (<see cref="ITrainingMethod.Exchange"/>) rank 0 alone writes checkpoints and samples, and its clock counts. Not for use from several threads.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingPlan plan;
    private readonly ITrainingMethod method;
    private readonly GradientExchange? exchange;
    private readonly Func<double>? validate;
    private readonly TimeProvider clock;
    private readonly TrainingWatch watch;
    private readonly string identity;
    private readonly List<Validation> validations = [];
    private readonly Queue<IReadOnlyDictionary<string, double>> recent = new();
    private Dictionary<string, Tensor>? best;

    /// <param name="plan">Checked here.</param>
    /// <param name="method">Owned from here on.</param>
    /// <param name="validate">A figure of the averaged weights as they are, less being better; called with every sample.</param>
    /// <param name="clock">Measures the minutes.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <exception cref="GradientExchangeException">Another process is gone, or has another plan or other images.</exception>
    public Trainer(TrainingPlan plan, ITrainingMethod method, Func<double>? validate = null, TimeProvider? clock = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        (this.plan, this.method, this.validate, this.clock, exchange) = (plan, method, validate, clock ?? TimeProvider.System, method.Exchange);
        watch = new TrainingWatch(plan);
        identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Identity}\n{method.Fingerprint}")));
        if (exchange is null) return;
        exchange.RequireSame(identity, "plan and training images");
        TakeOver(method.Counters);
    }

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    /// <summary>Training time used.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>What was validated so far, in order.</summary>
    public IReadOnlyList<Validation> Validations => validations;

    /// <summary>What is wrong with each checkpoint that <see cref="Restore"/> passed over for an earlier one, or for none; it names the file.</summary>
    public IReadOnlyList<string> DamagedCheckpoints { get; private set; } = [];

    /// <summary>Goes back to the last complete checkpoint: rank 0's, where several processes train.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidDataException">The checkpoint is of another plan, of other images or of an earlier version.</exception>
    public bool Restore(string checkpointFolder)
    {
        var checkpoints = new CheckpointFolder(checkpointFolder);
        var checkpoint = IsWriter ? checkpoints.LastComplete() : null;
        DamagedCheckpoints = IsWriter ? checkpoints.Damaged() : [];
        var saved = checkpoint is null ? "" : TrainingCheckpoint.ReadState(checkpoint);
        if (exchange is not null) saved = exchange.Broadcast(saved);
        if (saved.Length == 0) return false;
        var state = TrainingCheckpoint.Parse(saved);
        if (state.Identity != identity) throw new InvalidDataException("The checkpoint belongs to another plan, to other training images, or to another version of MedGan.");
        if (checkpoint is not null) TrainingCheckpoint.Restore(checkpoint, method);
        TakeOver(state.Counters);
        KeepBest(state.Validations.Count == 0 ? null : checkpoint is null ? Copies(method.ExportedWeights()) : TrainingCheckpoint.Best(checkpoint));
        if (best is not null) exchange?.BroadcastParameters(best.OrderBy(weight => weight.Key, StringComparer.Ordinal).Select(weight => weight.Value));
        (Step, Elapsed, watch.State) = (state.Step, TimeSpan.FromSeconds(state.ElapsedSeconds), state.Watch);
        validations.Clear();
        validations.AddRange(state.Validations);
        recent.Clear();
        return true;
    }

    /// <summary>Trains, with a checkpoint at every interval and at the end.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, here or in another process of the exchange; a checkpoint was written first.</exception>
    /// <exception cref="TrainingStoppedException">The training went wrong; the trainer is back at the last checkpoint from before, where there is one.</exception>
    /// <exception cref="GradientExchangeException">Another process is gone; the last checkpoint is from before.</exception>
    public TrainerResult Run(string checkpointFolder, ITrainingFollower follower, CancellationToken ct)
    {
        var checkpoints = new CheckpointFolder(checkpointFolder);
        var (start, before, saved) = (clock.GetTimestamp(), Elapsed, Step);
        while (plan.Share(Step, method.ImagesPerStep, Elapsed) is var share && share < 1 && !IsExhausted)
        {
            if (exchange?.Any(ct.IsCancellationRequested) ?? ct.IsCancellationRequested)
            {
                if (Step > saved) Save(checkpoints, follower);
                throw new OperationCanceledException(ct);
            }
            if (TakeStep(share, follower) is { } trouble) throw Stopped(trouble, checkpointFolder);
            Elapsed = TimeSpan.FromTicks(OfRank0((before + clock.GetElapsedTime(start)).Ticks));
            if (Step % plan.SampleEverySteps == 0) Sample(follower);
            if (Step % plan.CheckpointEverySteps != 0) continue;
            if (NotFinite() is { } weight) throw Stopped(weight, checkpointFolder);
            Save(checkpoints, follower);
            saved = Step;
        }
        if (Step > saved)
        {
            if (NotFinite() is { } weight) throw Stopped(weight, checkpointFolder);
            if (validate is not null && Step % plan.SampleEverySteps != 0) Sample(follower); // the end may be the best
            Save(checkpoints, follower);
        }
        return new TrainerResult(Step, Elapsed, MeanLosses(), validations.Count == 0 ? null : validations.MinBy(v => v.Figure));
    }

    /// <summary>
    /// Writes a model folder: weights.safetensors (the averaged weights; those that validated best where validation was asked for), plan.json and metrics.json (steps, seconds, last losses,
    /// validations, and <paramref name="metrics"/> where given).
    /// </summary>
    public void Export(string modelFolder, IReadOnlyDictionary<string, double>? metrics = null) => ModelFolder.Write(
        modelFolder, plan.ToJson(), best ?? method.ExportedWeights(),
        new { steps = Step, elapsedSeconds = Elapsed.TotalSeconds, losses = MeanLosses(), validations, metrics = metrics ?? new Dictionary<string, double>() });

    /// <summary>What the averaged networks make now.</summary>
    public SampleSheet Samples() => method.Samples();

    public void Dispose()
    {
        KeepBest(null);
        method.Dispose();
    }

    private bool IsWriter => exchange is null or { Rank: 0 };

    private bool IsExhausted => plan.Patience is { } patience && validations.Count > 0 && validations.Count - 1 - validations.Index().MinBy(v => v.Item.Figure).Index >= patience;

    // what is wrong, or null
    private string? TakeStep(double share, ITrainingFollower follower)
    {
        IReadOnlyDictionary<string, double> losses;
        using (NewDisposeScope()) losses = method.TakeStep(Step, share);
        Step++;
        recent.Enqueue(losses);
        if (recent.Count > 50) recent.Dequeue();
        follower.OnStep(Step, losses);
        return watch.Look(losses);
    }

    private void Sample(ITrainingFollower follower)
    {
        if (IsWriter) follower.OnSamples(Step, method.Samples());
        if (validate is null) return;
        var figure = BitConverter.Int64BitsToDouble(OfRank0(BitConverter.DoubleToInt64Bits(validate())));
        if (!validations.Any(v => v.Figure <= figure)) KeepBest(Copies(method.ExportedWeights()));
        validations.Add(new Validation(Step, figure));
        follower.OnValidation(validations[^1]);
    }

    private static Dictionary<string, Tensor> Copies(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var noGrad = no_grad();
        return weights.ToDictionary(w => w.Key, w => w.Value.clone(), StringComparer.Ordinal);
    }

    private void KeepBest(Dictionary<string, Tensor>? weights)
    {
        foreach (var weight in best?.Values ?? Enumerable.Empty<Tensor>()) weight.Dispose();
        best = weights;
        foreach (var weight in best?.Values ?? Enumerable.Empty<Tensor>()) weight.DetachFromDisposeScope();
    }

    private void Save(CheckpointFolder checkpoints, ITrainingFollower follower)
    {
        if (!IsWriter) return;
        var state = new TrainerState(identity, Step, Elapsed.TotalSeconds, method.Counters, watch.State, [.. validations]);
        checkpoints.Save(Step, folder => TrainingCheckpoint.Write(folder, method, best, state));
        follower.OnCheckpoint(Step);
    }

    // every process goes on with rank 0's tensors and the same counters
    private void TakeOver(JsonObject counters)
    {
        exchange?.BroadcastParameters(method.Tensors().Values);
        method.Counters = counters;
    }

    private long OfRank0(long value)
    {
        if (exchange is null) return value;
        var bytes = BitConverter.GetBytes(value);
        exchange.Broadcast(bytes);
        return BitConverter.ToInt64(bytes);
    }

    private TrainingStoppedException Stopped(string trouble, string checkpointFolder)
    {
        var at = Step;
        return new TrainingStoppedException(at, trouble, Restore(checkpointFolder) ? Step : null);
    }

    private string? NotFinite()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in method.Tensors())
            if (weight.is_floating_point() && !double.IsFinite(weight.detach().sum().ToDouble())) return $"{name} is not finite; lower the learning rate, or raise the batch size";
        return null;
    }

    private Dictionary<string, double>? MeanLosses() =>
        recent.Count == 0 ? null : recent.SelectMany(l => l).GroupBy(l => l.Key).ToDictionary(l => l.Key, l => l.Average(v => v.Value), StringComparer.Ordinal);
}

/// <summary>Follows a training while it runs; called on the training's thread.</summary>
public interface ITrainingFollower
{
    /// <param name="step">Steps taken.</param>
    /// <param name="losses">By name.</param>
    void OnStep(long step, IReadOnlyDictionary<string, double> losses);

    /// <param name="step">Steps taken.</param>
    /// <param name="sheet">The same inputs at every call.</param>
    void OnSamples(long step, SampleSheet sheet);

    void OnValidation(Validation validation) { }

    /// <summary>A checkpoint of this step is complete on disk.</summary>
    void OnCheckpoint(long step) { }
}

/// <param name="Step">Steps taken.</param>
/// <param name="Figure">Less is better.</param>
public sealed record Validation(long Step, double Figure);

/// <param name="Steps">Steps taken in all, before and after restores.</param>
/// <param name="Elapsed">Training time in all.</param>
/// <param name="Losses">Means over the last 50 steps of this run, or of fewer; null when nothing was left to do.</param>
/// <param name="Best">The best validation; null when nothing was validated.</param>
public sealed record TrainerResult(long Steps, TimeSpan Elapsed, IReadOnlyDictionary<string, double>? Losses, Validation? Best);

/// <summary>A training went wrong.</summary>
/// <param name="step">At which step.</param>
/// <param name="trouble">What is wrong, and what may help.</param>
/// <param name="rolledBackTo">The step of the checkpoint that the trainer went back to; null when there was none.</param>
public sealed class TrainingStoppedException(long step, string trouble, long? rolledBackTo)
    : Exception($"Training stopped at step {step}: {trouble}. {(rolledBackTo is { } back ? $"It is back at its checkpoint of step {back}." : "There is no checkpoint from before.")}")
{
    public long Step { get; } = step;
    public long? RolledBackTo { get; } = rolledBackTo;
}
