using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>What the networks compute in; weights, moments and losses stay in single precision.</summary>
/// <param name="Name">As in a plan: "fp32", "bf16" or "fp16".</param>
/// <param name="Type">Of activations and gradients.</param>
/// <param name="InitialLossScale">What the loss is multiplied by before its gradient is taken; 1 where the type's exponent has room enough.</param>
internal sealed record Precision(string Name, ScalarType Type, double InitialLossScale)
{
    private static readonly Precision[] Known = [new("fp32", ScalarType.Float32, 1), new("bf16", ScalarType.BFloat16, 1), new("fp16", ScalarType.Float16, 65536)];

    public static bool IsKnown(string name) => Known.Any(p => p.Name == name);

    public static Precision Of(string name) => Known.Single(p => p.Name == name);
}
