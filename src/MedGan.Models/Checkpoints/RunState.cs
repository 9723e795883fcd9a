using MedGan.Models.Training;

namespace MedGan.Models.Checkpoints;

/// <summary>What a checkpoint holds besides tensors.</summary>
/// <param name="Identity">SHA-256 over the plan (but its budgets and intervals) and the training images: a checkpoint fits one of these only.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="ElapsedSeconds">Training time used.</param>
/// <param name="A">Order and augmentation of domain A.</param>
/// <param name="B">Order and augmentation of domain B.</param>
/// <param name="PoolA">The pool of translated A.</param>
/// <param name="PoolB">The pool of translated B.</param>
/// <param name="GeneratorSteps">Adam's step count per parameter.</param>
/// <param name="DiscriminatorSteps">Adam's step count per parameter.</param>
/// <param name="LossScale">What losses are multiplied by; 1 where they are not.</param>
/// <param name="LossScaleSteps">Steps since it changed.</param>
public sealed record RunState(
    string Identity, long Step, double ElapsedSeconds, DomainState A, DomainState B, PoolState PoolA, PoolState PoolB, long[] GeneratorSteps, long[] DiscriminatorSteps,
    double LossScale = 1, int LossScaleSteps = 0);

/// <param name="Sampler">Position in the shuffled images.</param>
/// <param name="Augmentation">The augmentation's generator.</param>
public sealed record DomainState(SamplerState Sampler, ulong[] Augmentation);

/// <param name="Count">Images in use.</param>
/// <param name="Random">The generator that decides exchanges.</param>
public sealed record PoolState(int Count, ulong[] Random);
