using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>
/// Features of the encoder that was trained on the cohort itself, <see cref="CohortEncoder"/>: 64 values whose mean square is 1, the encoder's unit vector times 8. There all terms of the kernel distance's cubic kernel
/// count; of unit vectors it would compare little but the two sets' means, and a generator of one average image would come off well.
/// </summary>
/// <param name="encoder">Owned by this from now on.</param>
/// <param name="cohort">What it was trained on, for the name.</param>
public sealed class CohortFeatures(CohortEncoder encoder, string cohort) : IFeatureNetwork
{
    public string Name { get; } = $"self-supervised encoder of {cohort}, {encoder.Size} x {encoder.Size}";

    public float[][] Embed(IReadOnlyList<GreyImage> images)
    {
        using var scope = NewDisposeScope();
        var vectors = encoder.Embed([.. images.Select(image => Resampled.To(image, encoder.Size).data<float>().ToArray())]);
        foreach (var vector in vectors)
            foreach (ref var value in vector.AsSpan()) value *= 8;
        return vectors;
    }

    public void Dispose() => encoder.Dispose();
}
