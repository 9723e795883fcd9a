namespace TorchSharp.Modules;

/// <summary>The options that Adam and AdamW share; null where a group takes the optimiser's own.</summary>
internal readonly record struct AdamSettings(double? Beta1, double? Beta2, double? Epsilon, double? WeightDecay, bool? Amsgrad, bool? Maximize)
{
    internal void Check(double learningRate)
    {
        if (learningRate < 0) throw new ArgumentException($"Invalid learning rate: {learningRate}");
        if (Beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1 value: {Beta1}");
        if (Beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2 value: {Beta2}");
        if (Epsilon < 0) throw new ArgumentException($"Invalid eps value: {Epsilon}");
        if (WeightDecay < 0) throw new ArgumentException($"Invalid weight_decay value: {WeightDecay}");
    }

    internal AdamSettings Or(AdamSettings defaults) => new(Beta1 ?? defaults.Beta1, Beta2 ?? defaults.Beta2, Epsilon ?? defaults.Epsilon,
        WeightDecay ?? defaults.WeightDecay, Amsgrad ?? defaults.Amsgrad, Maximize ?? defaults.Maximize);

    internal void Save(BinaryWriter writer)
    {
        foreach (var number in new[] { Beta1, Beta2, Epsilon, WeightDecay }) writer.Write(number!.Value);
        writer.Write(Amsgrad!.Value);
        writer.Write(Maximize!.Value);
    }

    internal static AdamSettings Load(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadBoolean());
}
