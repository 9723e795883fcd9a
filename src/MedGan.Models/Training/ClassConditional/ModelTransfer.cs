using System.Security.Cryptography;
using MedGan.Models.Sampling;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// A start from another training's weights (FreezeD, Mo et al., 2002.10964, keeps D's first layers besides). Tables with a row for each class are matched by the classes' names; a class
/// that the other training did not have starts as the mean of those it had.
/// </summary>
internal static class ModelTransfer
{
    /// <summary>SHA-256 of the folder's weights.</summary>
    public static string Fingerprint(string folder)
    {
        using var stream = File.OpenRead(Path.Combine(folder, "weights.safetensors"));
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Fills generator, average and discriminator.</summary>
    /// <exception cref="InvalidDataException">The folder holds no class-conditional model, or one of another method or other sizes.</exception>
    public static void Apply(string folder, ClassConditionalPlan plan, ConditionalNetworks networks)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (ModelFolder.ReadTrainingPlan(folder) is not ClassConditionalPlan old || old.Method != plan.Method)
            throw new InvalidDataException($"{folder} holds no {plan.Method} model to start from.");
        var source = ModelFolder.ReadWeights(folder);
        foreach (var (name, target) in networks.Weights())
        {
            var from = name.StartsWith("average.", StringComparison.Ordinal) ? "generator." + name["average.".Length..] : name;
            var ofClasses = from.Contains("classes.", StringComparison.Ordinal);
            if (!source.TryGetValue(from, out var value))
            {
                if (ofClasses) continue; // the other training had one class
                throw new InvalidDataException($"{folder} cannot be started from: it has no {from}.");
            }
            if (ofClasses && value.shape[0] == old.Classes.Count && target.shape[0] == plan.Classes.Count) CopyRows(value, target, old.Classes, plan.Classes);
            else if (value.shape.SequenceEqual(target.shape)) target.copy_(value);
            else throw new InvalidDataException($"{folder} cannot be started from: its {from} has another shape than the plan's networks.");
        }
    }

    private static void CopyRows(Tensor from, Tensor to, IReadOnlyList<string> oldClasses, IReadOnlyList<string> classes)
    {
        var mean = from.mean([0]);
        foreach (var (row, name) in classes.Index())
        {
            var old = oldClasses.Index().Where(c => c.Item == name).Select(c => (int?)c.Index).SingleOrDefault();
            to.select(0, row).copy_(old is { } index ? from.select(0, index) : mean);
        }
    }
}
