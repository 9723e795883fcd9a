using MedGan.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>The network whose maps a <see cref="Losses.FeatureLoss"/> compares: an encoder of the cohort, which is trained first, or SqueezeNet, whose weights are supplied.</summary>
internal sealed class PerceptualFeatures : IDisposable
{
    private const int LargestPatch = 64, Patches = 512;

    private readonly CohortEncoder? encoder;
    private readonly SqueezeNetMaps? squeezeNet;

    private PerceptualFeatures(CohortEncoder? encoder, SqueezeNetMaps? squeezeNet) => (this.encoder, this.squeezeNet) = (encoder, squeezeNet);

    public IFeatureMaps Maps => (IFeatureMaps?)squeezeNet ?? encoder!.Network;

    /// <summary>What holds the weights.</summary>
    public nn.Module Network => (nn.Module?)squeezeNet?.Network ?? encoder!.Network;

    /// <summary>On the CPU, in a training's number of threads only after <see cref="Compute.Prepare"/>.</summary>
    /// <param name="kind">"none", "cohort" or "squeezenet".</param>
    /// <param name="file">SqueezeNet's weights; see <see cref="SqueezeNetMaps.Load"/>.</param>
    /// <param name="images">Of the patients to train on: one slice each, as the network shall see them.</param>
    /// <param name="imageSize">Their pixels per side.</param>
    /// <param name="patchSize">The encoder sees patches of at most so many pixels per side.</param>
    /// <param name="seed">Of the plan.</param>
    /// <param name="steps">Of the encoder.</param>
    /// <returns>Null for "none".</returns>
    public static PerceptualFeatures? Of(string kind, string? file, IReadOnlyList<TrainingImage> images, int imageSize, int patchSize, long seed, int steps)
    {
        if (kind == "none") return null;
        if (kind == "squeezenet") return new(null, SqueezeNetMaps.Load(file ?? throw MissingFile, CPU));
        var size = Math.Min(LargestPatch, patchSize);
        return new(CohortEncoder.Train(TrainingImages.Patches(images, imageSize, Patches, size, new SeededRandom(seed, stream: 43)), size, seed, steps, CancellationToken.None), null);
    }

    /// <exception cref="ArgumentException">The network needs a file, and there is none.</exception>
    public static void CheckFile(string kind, string? file)
    {
        if (kind == "squeezenet" && file is null) throw MissingFile;
    }

    /// <summary>Adds what is wrong with the fields of a plan that has a feature loss.</summary>
    public static void Check(PlanChecks checks, string network, int steps, double lambda)
    {
        checks.OneOf(network, ["none", "cohort", "squeezenet"], "featureNetwork");
        checks.Whole(steps, 1, 100_000, "featureSteps");
        checks.Real(lambda, 0, 1000, "lambdaFeature");
        checks.Require((lambda > 0) == (network != "none"), "lambdaFeature above 0 needs a featureNetwork, and a featureNetwork needs lambdaFeature above 0.");
    }

    public void Dispose()
    {
        encoder?.Dispose();
        squeezeNet?.Dispose();
    }

    private static ArgumentException MissingFile => new("The feature network squeezenet needs a file with its weights.", "featureFile");
}
