using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Feature networks in files.</summary>
public static class FeatureNetworks
{
    /// <summary>Reads a safetensors file; which network it holds is told from the tensors' names.</summary>
    /// <exception cref="InvalidDataException">No network that is known here.</exception>
    public static IFeatureNetwork Load(string path)
    {
        bool encoder, squeezeNet;
        using (NewDisposeScope())
        {
            var names = SafeTensors.Read(path).Keys;
            (encoder, squeezeNet) = (names.Contains("encoder.project.weight"), names.Contains("fire2.squeeze1x1.weight"));
        }
        if (encoder) return new CohortFeatures(CohortEncoder.Load(path), Path.GetFileName(path));
        if (squeezeNet) return SqueezeNetFeatures.Load(path);
        throw new InvalidDataException($"{path}: neither a cohort's encoder nor SqueezeNet 1.0.");
    }
}
