namespace MedGan.Models.Training;

/// <summary>Follows a training while it runs; called on the training's thread.</summary>
public interface ITrainingObserver
{
    void OnStep(StepLosses losses);

    void OnSamples(SampleGrid grid);

    /// <summary>A checkpoint of this step is complete on disk.</summary>
    void OnCheckpoint(long step) { }
}

/// <summary>
/// The same images at every call, float32 in [-1, 1], row-major, <paramref name="Size"/> pixels square; each list has one entry per sample image.
/// </summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Size">Pixels per side.</param>
/// <param name="A">Real images of A.</param>
/// <param name="AToB">Their translations, by the averaged generators.</param>
/// <param name="AToBToA">And back.</param>
/// <param name="B">Real images of B.</param>
/// <param name="BToA">Their translations.</param>
/// <param name="BToAToB">And back.</param>
public sealed record SampleGrid(long Step, int Size, float[][] A, float[][] AToB, float[][] AToBToA, float[][] B, float[][] BToA, float[][] BToAToB);

/// <summary>The images that sample grids show: validation patients' where there are any.</summary>
public sealed record SampleImages(IReadOnlyList<float[]> A, IReadOnlyList<float[]> B);

/// <param name="Steps">Steps taken in all, before and after restores.</param>
/// <param name="Elapsed">Training time in all.</param>
/// <param name="Losses">Means over the last 50 steps of this run, or of fewer; null when nothing was left to do.</param>
public sealed record TrainingResult(long Steps, TimeSpan Elapsed, StepLosses? Losses);

/// <summary>The training cannot go on: a loss or a weight is no longer a finite number. The last checkpoint is from before.</summary>
public sealed class TrainingDivergedException(long step, string what)
    : Exception($"Training stopped at step {step}: {what} is not a finite number. Lower the learning rate, or raise the batch size.")
{
    public long Step { get; } = step;
}
