using System.Text.Json;
using System.Text.Json.Nodes;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Checkpoints;

/// <summary>A checkpoint of a <see cref="Trainer"/>: the method's tensors as safetensors, everything else in state.json.</summary>
internal static class TrainingCheckpoint
{
    private const string TensorsFile = "tensors.safetensors", BestFile = "best.safetensors", StateFile = "state.json";

    /// <param name="folder">Empty.</param>
    /// <param name="method">Whose tensors.</param>
    /// <param name="best">The weights that validated best so far; null when nothing was validated.</param>
    /// <param name="state">Of the trainer.</param>
    public static void Write(string folder, ITrainingMethod method, IReadOnlyDictionary<string, Tensor>? best, TrainerState state)
    {
        SafeTensors.Write(Path.Combine(folder, TensorsFile), method.Tensors());
        if (best is not null) SafeTensors.Write(Path.Combine(folder, BestFile), best);
        File.WriteAllText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(state));
    }

    public static string ReadState(string folder) => File.ReadAllText(Path.Combine(folder, StateFile));

    public static TrainerState Parse(string state) => JsonSerializer.Deserialize<TrainerState>(state) ?? throw new InvalidDataException($"The checkpoint's {StateFile} is empty.");

    /// <summary>Copies everything that is a tensor into the method.</summary>
    public static void Restore(string folder, ITrainingMethod method)
    {
        using var scope = NewDisposeScope();
        Copy(SafeTensors.Read(Path.Combine(folder, TensorsFile)), method.Tensors());
    }

    /// <summary>The best weights so far, which belong to the caller, or null.</summary>
    public static Dictionary<string, Tensor>? Best(string folder)
    {
        var file = Path.Combine(folder, BestFile);
        return File.Exists(file) ? SafeTensors.Read(file) : null;
    }

    /// <summary>Copies every tensor of <paramref name="target"/> from the one of the same name.</summary>
    /// <exception cref="InvalidDataException">A name is missing or left over, or a shape differs.</exception>
    public static void Copy(IReadOnlyDictionary<string, Tensor> source, IReadOnlyDictionary<string, Tensor> target)
    {
        using var noGrad = no_grad();
        var names = target.Keys.Except(source.Keys).Concat(source.Keys.Except(target.Keys)).ToArray();
        if (names.Length > 0) throw new InvalidDataException($"The weights do not fit the plan's networks: {names[0]} is in one of them only.");
        foreach (var (name, tensor) in target)
        {
            if (!tensor.shape.SequenceEqual(source[name].shape)) throw new InvalidDataException($"The weights do not fit the plan's networks: {name} has another shape.");
            tensor.copy_(source[name]);
        }
    }
}

/// <param name="Identity">SHA-256 of the plan, as far as weights depend on it, and of the training images.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="ElapsedSeconds">Training time used.</param>
/// <param name="Counters">Of the method.</param>
/// <param name="Watch">Of the watch over the training.</param>
/// <param name="Validations">Measured so far, in order.</param>
internal sealed record TrainerState(string Identity, long Step, double ElapsedSeconds, JsonObject Counters, WatchState Watch, IReadOnlyList<Validation> Validations);
