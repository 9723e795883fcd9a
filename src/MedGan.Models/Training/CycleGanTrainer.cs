using System.Security.Cryptography;
using System.Text;
using MedGan.Models.Checkpoints;
using MedGan.Models.Sampling;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Trains a CycleGAN between two unpaired domains until its budget is used. Killed at any moment, a new trainer with the same plan and images
/// goes on from the last checkpoint; with a step budget the final weights equal an undisturbed run's, to the bit. Not for use from several threads.
/// </summary>
public sealed class CycleGanTrainer : IDisposable
{
    private readonly CycleGanPlan plan;
    private readonly Device device;
    private readonly ImageBatches a, b;
    private readonly SampleImages samples;
    private readonly TimeProvider clock;
    private readonly CycleGanNetworks networks;
    private readonly CycleGanStep stepper;
    private readonly string identity;
    private readonly GradientExchange? exchange;
    private readonly Queue<StepLosses> recent = new();

    /// <param name="plan">Checked here.</param>
    /// <param name="a">Domain A (CT in MedGan); of the patients to train on only.</param>
    /// <param name="b">Domain B (MR in MedGan).</param>
    /// <param name="samples">What sample grids show; four training images of each domain when not given.</param>
    /// <param name="clock">Measures the minutes.</param>
    /// <exception cref="InvalidPlanException">The plan has errors; it names all of them.</exception>
    /// <param name="exchange">
    /// The processes that train this model together, each on its share of every batch; not owned. The plan's batch is that of all of them, and the losses
    /// are those of one process with the same plan, up to rounding. Null: this process is alone.
    /// </param>
    /// <exception cref="ArgumentException">A domain is empty, an image is of another size, or the processes cannot share a batch equally.</exception>
    /// <exception cref="GradientExchangeException">Another process is gone, or has another plan or other images.</exception>
    public CycleGanTrainer(
        CycleGanPlan plan, IReadOnlyList<TrainingImage> a, IReadOnlyList<TrainingImage> b, SampleImages? samples = null, TimeProvider? clock = null, GradientExchange? exchange = null)
    {
        if (plan.Validate() is { Count: > 0 } errors) throw new InvalidPlanException(errors);
        if (exchange is not null && plan.BatchSize % exchange.WorldSize != 0)
            throw new ArgumentException($"{exchange.WorldSize} processes cannot share a batch of {plan.BatchSize} equally.", nameof(exchange));
        this.plan = plan;
        this.exchange = exchange;
        this.clock = clock ?? TimeProvider.System;
        this.a = new ImageBatches("A", a, plan, stream: 10);
        this.b = new ImageBatches("B", b, plan, stream: 20);
        this.samples = samples ?? new SampleImages(this.a.Spread(4), this.b.Spread(4));
        device = Compute.Prepare(plan.Device, plan.Threads);
        if (plan.Precision == "fp16" && device.type == DeviceType.CPU) throw new InvalidOperationException("The plan computes in fp16, which needs a CUDA device, and there is none. Use bf16 or fp32.");
        networks = new CycleGanNetworks(plan, device);
        var outlines = plan.LambdaAtlas > 0 ? new OutlineAtlas(a.Select(i => i.Pixels), b.Select(i => i.Pixels), plan.ImageSize) : null;
        stepper = new CycleGanStep(plan, networks, outlines, device, exchange);
        identity = Identity();
        if (exchange is not null) Join(exchange);
    }

    /// <summary>Steps taken.</summary>
    public long Step { get; private set; }

    /// <summary>Training time used.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>What is wrong with each checkpoint that <see cref="Restore"/> passed over for an earlier one, or for none; it names the file.</summary>
    public IReadOnlyList<string> DamagedCheckpoints { get; private set; } = [];

    /// <summary>Goes back to the last complete checkpoint: rank 0's, where several processes train.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidDataException">The checkpoint is of another plan or of other images.</exception>
    public bool Restore(string checkpointFolder)
    {
        var checkpoints = new CheckpointFolder(checkpointFolder);
        var checkpoint = IsWriter ? checkpoints.LastComplete() : null;
        DamagedCheckpoints = IsWriter ? checkpoints.Damaged() : [];
        var saved = checkpoint is null ? "" : TrainingCheckpoint.ReadState(checkpoint);
        if (exchange is not null) saved = exchange.Broadcast(saved);
        if (saved.Length == 0) return false;
        var state = TrainingCheckpoint.Parse(saved);
        if (state.Identity != identity) throw new InvalidDataException("The checkpoint belongs to another plan or to other training images.");
        if (checkpoint is not null) TrainingCheckpoint.Restore(checkpoint, networks, stepper);
        exchange?.BroadcastParameters(TrainingCheckpoint.Tensors(networks, stepper));
        TrainingCheckpoint.Apply(state, stepper);
        (a.Sampler.State, a.Random.State) = (state.A.Sampler, state.A.Augmentation);
        (b.Sampler.State, b.Random.State) = (state.B.Sampler, state.B.Augmentation);
        (Step, Elapsed) = (state.Step, TimeSpan.FromSeconds(state.ElapsedSeconds));
        return true;
    }

    /// <summary>Trains until the budget is used, with a checkpoint at every interval and at the end. Of several processes rank 0 alone writes checkpoints and samples, and its clock counts.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, here or in another process of the exchange; a checkpoint was written first.</exception>
    /// <exception cref="TrainingDivergedException">A loss or a weight is no longer finite; the last checkpoint is from before.</exception>
    /// <exception cref="GradientExchangeException">Another process is gone; the last checkpoint is from before.</exception>
    public TrainingResult Run(string checkpointFolder, ITrainingObserver observer, CancellationToken ct)
    {
        var checkpoints = new CheckpointFolder(checkpointFolder);
        var (start, before, saved) = (clock.GetTimestamp(), Elapsed, Step);
        recent.Clear();
        while (LearningRateSchedule.Share(plan, Step, Elapsed) is var share && share < 1)
        {
            if (exchange?.Any(ct.IsCancellationRequested) ?? ct.IsCancellationRequested)
            {
                if (Step > saved) Save(checkpoints, observer);
                throw new OperationCanceledException(ct);
            }
            TakeStep(share, observer);
            Elapsed = OfRank0(before + clock.GetElapsedTime(start));
            if (Step % plan.SampleEverySteps == 0 && IsWriter) observer.OnSamples(Samples());
            if (Step % plan.CheckpointEverySteps != 0) continue;
            Save(checkpoints, observer);
            saved = Step;
        }
        if (Step > saved) Save(checkpoints, observer);
        return new TrainingResult(Step, Elapsed, MeanLosses());
    }

    /// <summary>
    /// Writes a model folder: weights.safetensors (the averaged generators), plan.json and metrics.json (steps, seconds, last losses, and
    /// <paramref name="metrics"/> where given).
    /// </summary>
    public void Export(string modelFolder, IReadOnlyDictionary<string, double>? metrics = null) =>
        ModelFolder.Write(
            modelFolder, plan.ToJson(), networks.ExportedWeights(),
            new { steps = Step, elapsedSeconds = Elapsed.TotalSeconds, losses = MeanLosses(), metrics = metrics ?? new Dictionary<string, double>() });

    /// <summary>The sample images and their translations by the averaged generators as they are now.</summary>
    public SampleGrid Samples()
    {
        float[][] Through(Networks.ResNetGenerator generator, IReadOnlyList<float[]> images) => BatchTranslation.Run(generator, images, plan.ImageSize, plan.InputChannels, ScalarType.Float32, device);
        var (b1, a1) = (Through(networks.AverageAToB, samples.A), Through(networks.AverageBToA, samples.B));
        return new SampleGrid(
            Step, plan.ImageSize, [.. samples.A], b1, Through(networks.AverageBToA, b1), [.. samples.B], a1, Through(networks.AverageAToB, a1));
    }

    public void Dispose()
    {
        stepper.Dispose();
        networks.Dispose();
    }

    private void TakeStep(double share, ITrainingObserver observer)
    {
        using var scope = NewDisposeScope();
        var (rank, parts) = (exchange?.Rank ?? 0, exchange?.WorldSize ?? 1);
        var losses = stepper.Take(a.Next(plan.BatchSize, device, rank, parts), b.Next(plan.BatchSize, device, rank, parts), Step, share);
        Step++;
        if (losses.NotFinite() is { } what) throw new TrainingDivergedException(Step, what);
        recent.Enqueue(losses);
        if (recent.Count > 50) recent.Dequeue();
        observer.OnStep(losses);
    }

    private void Save(CheckpointFolder checkpoints, ITrainingObserver observer)
    {
        ThrowIfNotFinite();
        if (!IsWriter) return;
        var state = new RunState(
            identity, Step, Elapsed.TotalSeconds,
            new DomainState(a.Sampler.State, a.Random.State), new DomainState(b.Sampler.State, b.Random.State),
            new PoolState(stepper.PoolA.Count, stepper.PoolA.RandomState), new PoolState(stepper.PoolB.Count, stepper.PoolB.RandomState),
            AdamMoments.Steps(stepper.Generators), AdamMoments.Steps(stepper.Discriminators), stepper.LossScale.State.Value, stepper.LossScale.State.Steps);
        checkpoints.Save(Step, folder => TrainingCheckpoint.Write(folder, networks, stepper, state));
        observer.OnCheckpoint(Step);
    }

    private bool IsWriter => exchange is null or { Rank: 0 };

    private void Join(GradientExchange others)
    {
        others.RequireSame(identity, "plan and training images");
        others.BroadcastParameters(networks.Weights().Values);
        stepper.Refresh();
    }

    private TimeSpan OfRank0(TimeSpan elapsed)
    {
        if (exchange is null) return elapsed;
        byte[] ticks = BitConverter.GetBytes(elapsed.Ticks);
        exchange.Broadcast(ticks);
        return TimeSpan.FromTicks(BitConverter.ToInt64(ticks));
    }

    private void ThrowIfNotFinite()
    {
        using var scope = NewDisposeScope();
        foreach (var (name, weight) in networks.Weights())
            if (!double.IsFinite(weight.detach().sum().ToDouble())) throw new TrainingDivergedException(Step, $"a weight of {name}");
    }

    private StepLosses? MeanLosses() => recent.Count == 0 ? null : new StepLosses(
        Step, recent.Average(l => l.Generator), recent.Average(l => l.DiscriminatorA), recent.Average(l => l.DiscriminatorB),
        recent.Average(l => l.Adversarial), recent.Average(l => l.Cycle), recent.Average(l => l.Identity), recent.Average(l => l.Edges), recent.Average(l => l.Atlas));

    // what the weights depend on: everything but budgets, intervals and where it runs (the schedule's use of the budget is the caller's to keep)
    private string Identity()
    {
        var what = plan with { MaxSteps = null, MaxMinutes = null, CheckpointEverySteps = 1, SampleEverySteps = 1, Device = "auto", Threads = 0 };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what.ToJson()}\n{a.Fingerprint()}\n{b.Fingerprint()}")));
    }
}
