namespace MedGan.Models.Metrics;

/// <summary>A network that turns images into vectors, for the metrics of distributions. Its name belongs into every report.</summary>
public interface IFeatureNetwork : IDisposable
{
    /// <summary>Such as "SqueezeNet 1.0, fire9".</summary>
    string Name { get; }

    /// <param name="images">Values in [-1, 1]; any size, which is changed to the network's.</param>
    /// <returns>One vector for each, all of one length.</returns>
    float[][] Embed(IReadOnlyList<GreyImage> images);
}
