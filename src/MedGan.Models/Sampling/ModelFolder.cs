using System.Text.Json;
using MedGan.Models.Checkpoints;
using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Sampling;

/// <summary>A trained model on disk: weights.safetensors, plan.json, metrics.json.</summary>
internal static class ModelFolder
{
    public static void Write(
        string folder, CycleGanPlan plan, IReadOnlyDictionary<string, Tensor> weights, long steps, TimeSpan elapsed, StepLosses? losses, IReadOnlyDictionary<string, double>? metrics)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(Path.Combine(folder, "weights.safetensors"), weights);
        File.WriteAllText(Path.Combine(folder, "plan.json"), plan.ToJson());
        var figures = new { steps, elapsedSeconds = elapsed.TotalSeconds, losses, metrics = metrics ?? new Dictionary<string, double>() };
        File.WriteAllText(Path.Combine(folder, "metrics.json"), JsonSerializer.Serialize(figures, Json));
    }

    /// <exception cref="InvalidDataException">plan.json is not a plan.</exception>
    public static CycleGanPlan ReadPlan(string folder) => CycleGanPlan.FromJson(File.ReadAllText(Path.Combine(folder, "plan.json")));

    /// <summary>The averaged generators' weights, on the CPU; they belong to the caller.</summary>
    public static Dictionary<string, Tensor> ReadWeights(string folder) => SafeTensors.Read(Path.Combine(folder, "weights.safetensors"));

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
