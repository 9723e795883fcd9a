using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Features of the encoder that was trained on the cohort itself, <see cref="CohortEncoder"/>: 64 values, of length 1 together.</summary>
/// <param name="encoder">Owned by this from now on.</param>
/// <param name="cohort">What it was trained on, for the name.</param>
public sealed class CohortFeatures(CohortEncoder encoder, string cohort) : IFeatureNetwork
{
    public string Name { get; } = $"self-supervised encoder of {cohort}, {encoder.Size} x {encoder.Size}";

    public float[][] Embed(IReadOnlyList<GreyImage> images)
    {
        using var scope = NewDisposeScope();
        return encoder.Embed([.. images.Select(image => Resampled.To(image, encoder.Size).data<float>().ToArray())]);
    }

    public void Dispose() => encoder.Dispose();
}
