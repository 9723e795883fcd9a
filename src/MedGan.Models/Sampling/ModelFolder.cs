using System.Text.Json;
using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained model on disk: weights.safetensors, plan.json, metrics.json.</summary>
internal static class ModelFolder
{
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="plan">JSON.</param>
    /// <param name="weights">By name.</param>
    /// <param name="figures">What metrics.json tells.</param>
    public static void Write(string folder, string plan, IReadOnlyDictionary<string, Tensor> weights, object figures)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(Path.Combine(folder, "weights.safetensors"), weights);
        File.WriteAllText(Path.Combine(folder, "plan.json"), plan);
        File.WriteAllText(Path.Combine(folder, "metrics.json"), JsonSerializer.Serialize(figures, Json));
    }

    /// <exception cref="InvalidDataException">plan.json is not a plan.</exception>
    public static TrainingPlan ReadTrainingPlan(string folder) => TrainingPlan.FromJson(File.ReadAllText(Path.Combine(folder, "plan.json")));

    /// <summary>The averaged generators' weights, on the CPU; they belong to the caller.</summary>
    public static Dictionary<string, Tensor> ReadWeights(string folder) => SafeTensors.Read(Path.Combine(folder, "weights.safetensors"));

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
