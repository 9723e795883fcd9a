using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Loss scaling (Micikevicius et al., 1710.03740, section 3.2), which keeps small gradients from vanishing in a type of few exponent bits. The scale halves
/// when a gradient overflows - that step is left out - and doubles after 2000 steps without. A scale that begins at 1 is none at all and stays so.
/// </summary>
internal sealed class LossScale(double initial)
{
    private const int StepsToDouble = 2000;

    /// <summary>Whether there is none.</summary>
    public bool IsOff => initial == 1;

    /// <summary>What a checkpoint keeps: the scale, and the steps since it changed.</summary>
    public (double Value, int Steps) State { get; set; } = (initial, 0);

    /// <param name="loss">A scalar.</param>
    public Tensor Apply(Tensor loss) => IsOff ? loss : loss * State.Value;

    /// <param name="gradient">Of a scaled loss.</param>
    /// <returns>That of the loss itself; in single precision where there is a scale.</returns>
    public Tensor Remove(Tensor gradient)
    {
        if (IsOff) return gradient.alias();
        using var wide = gradient.to(ScalarType.Float32);
        return wide / State.Value;
    }

    /// <summary>Whether the gradient is finite; not asked where there is no scale.</summary>
    public bool Holds(Tensor gradient)
    {
        if (IsOff) return true;
        using var sum = gradient.sum();
        return double.IsFinite(sum.ToDouble());
    }

    /// <param name="finite">Whether all gradients of the step were.</param>
    /// <returns>Whether the step is to be taken.</returns>
    public bool Update(bool finite)
    {
        if (IsOff) return true;
        var (value, steps) = State;
        if (!finite) State = (Math.Max(1, value / 2), 0);
        else State = steps + 1 < StepsToDouble ? (value, steps + 1) : (value * 2, 0);
        return finite;
    }
}
