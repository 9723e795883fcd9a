using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Checkpoints;

/// <summary>A checkpoint of a <see cref="Trainer"/>: the method's tensors as safetensors, everything else in state.json.</summary>
internal static class MethodCheckpoint
{
    private const string TensorsFile = "tensors.safetensors", BestFile = "best.safetensors", StateFile = "state.json";

    /// <param name="folder">Empty.</param>
    /// <param name="method">Whose tensors and counters.</param>
    /// <param name="best">The weights that validated best so far; null when nothing was validated.</param>
    /// <param name="state">Of the trainer.</param>
    public static void Write(string folder, ITrainingMethod method, IReadOnlyDictionary<string, Tensor>? best, TrainerState state)
    {
        SafeTensors.Write(Path.Combine(folder, TensorsFile), method.Tensors());
        if (best is not null) SafeTensors.Write(Path.Combine(folder, BestFile), best);
        File.WriteAllText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(state));
    }

    public static TrainerState ReadState(string folder) =>
        JsonSerializer.Deserialize<TrainerState>(File.ReadAllText(Path.Combine(folder, StateFile))) ?? throw new InvalidDataException($"{Path.Combine(folder, StateFile)} is empty.");

    /// <summary>Copies tensors and counters into the method.</summary>
    public static void Restore(string folder, ITrainingMethod method, TrainerState state)
    {
        using (NewDisposeScope()) TrainingCheckpoint.Copy(SafeTensors.Read(Path.Combine(folder, TensorsFile)), method.Tensors());
        method.Counters = state.Counters;
    }

    /// <summary>The best weights so far, which belong to the caller, or null.</summary>
    public static Dictionary<string, Tensor>? Best(string folder)
    {
        var file = Path.Combine(folder, BestFile);
        return File.Exists(file) ? SafeTensors.Read(file) : null;
    }
}

/// <param name="Identity">SHA-256 of the plan, as far as weights depend on it, and of the training images.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="ElapsedSeconds">Training time used.</param>
/// <param name="Counters">Of the method.</param>
/// <param name="Watch">Of the watch over the training.</param>
/// <param name="Validations">Measured so far, in order.</param>
internal sealed record TrainerState(string Identity, long Step, double ElapsedSeconds, JsonObject Counters, WatchState Watch, IReadOnlyList<Validation> Validations);
