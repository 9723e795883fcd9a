using System.Text.Json;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Checkpoints;

/// <summary>A CycleGAN's checkpoint: weights, moments and pools as safetensors, everything else in state.json.</summary>
internal static class TrainingCheckpoint
{
    public static void Write(string folder, CycleGanNetworks networks, CycleGanStep step, RunState state)
    {
        SafeTensors.Write(Path.Combine(folder, "networks.safetensors"), networks.Weights());
        SafeTensors.Write(Path.Combine(folder, "optimisers.safetensors"), Moments(step));
        SafeTensors.Write(Path.Combine(folder, "pools.safetensors"), Pools(step));
        File.WriteAllText(Path.Combine(folder, "state.json"), JsonSerializer.Serialize(state));
    }

    public static string ReadState(string folder) => File.ReadAllText(Path.Combine(folder, "state.json"));

    public static RunState Parse(string state) => JsonSerializer.Deserialize<RunState>(state) ?? throw new InvalidDataException("The checkpoint's state.json is empty.");

    /// <summary>Reads everything that is a tensor.</summary>
    public static void Restore(string folder, CycleGanNetworks networks, CycleGanStep step)
    {
        using var scope = NewDisposeScope();
        Copy(SafeTensors.Read(Path.Combine(folder, "networks.safetensors")), networks.Weights());
        Copy(SafeTensors.Read(Path.Combine(folder, "optimisers.safetensors")), Moments(step));
        Copy(SafeTensors.Read(Path.Combine(folder, "pools.safetensors")), Pools(step));
    }

    /// <summary>Everything that is a tensor, in the same order always.</summary>
    public static IEnumerable<Tensor> Tensors(CycleGanNetworks networks, CycleGanStep step) => networks.Weights().Values.Concat(Moments(step).Values).Concat(Pools(step).Values);

    /// <summary>Sets the step's counts and generators.</summary>
    public static void Apply(RunState state, CycleGanStep step)
    {
        AdamMoments.Restore(step.Generators, state.GeneratorSteps);
        AdamMoments.Restore(step.Discriminators, state.DiscriminatorSteps);
        step.PoolA.Restore(state.PoolA.Count, state.PoolA.Random);
        step.PoolB.Restore(state.PoolB.Count, state.PoolB.Random);
        step.LossScale.State = (state.LossScale, state.LossScaleSteps);
        step.Refresh();
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

    private static Dictionary<string, Tensor> Moments(CycleGanStep step) =>
        new(AdamMoments.Of(step.Generators, "generators").Concat(AdamMoments.Of(step.Discriminators, "discriminators")), StringComparer.Ordinal);

    private static Dictionary<string, Tensor> Pools(CycleGanStep step) => new(StringComparer.Ordinal) { ["a"] = step.PoolA.Images, ["b"] = step.PoolB.Images };
}
