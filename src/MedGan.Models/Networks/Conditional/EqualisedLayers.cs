using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// A linear map with equalised learning rate (Karras et al., 1710.10196, section 4.1): weights drawn from N(0, 1 / rate^2) and multiplied by
/// rate / sqrt(inputs) at every call, so that Adam moves all layers alike, this one rate times as fast.
/// </summary>
internal sealed class EqualisedLinear : Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly double rate;

    public EqualisedLinear(int from, int to, SeededRandom random, double rate = 1, double firstBias = 0) : base(nameof(EqualisedLinear))
    {
        this.rate = rate;
        weight = new Parameter(SeededTensors.Normal([to, from], random).div_(rate));
        bias = new Parameter(full([to], firstBias / rate, dtype: ScalarType.Float32));
        RegisterComponents();
    }

    /// <summary>[O,I], as the map uses it.</summary>
    public Tensor Scaled => weight * (rate / Math.Sqrt(weight.shape[1]));

    /// <param name="x">[N,I] -> [N,O].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return functional.linear(x, Scaled, rate == 1 ? bias : bias * rate).MoveToOuterDisposeScope();
    }
}

/// <summary>A convolution with equalised learning rate, same size out as in, then (where asked for) bias and leaky ReLU times sqrt 2, which keeps the scale.</summary>
internal sealed class EqualisedConv : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly int padding;

    public EqualisedConv(int from, int to, int kernel, SeededRandom random, bool activate = true) : base(nameof(EqualisedConv))
    {
        padding = kernel / 2;
        weight = new Parameter(SeededTensors.Normal([to, from, kernel, kernel], random));
        if (activate) bias = new Parameter(zeros(to));
        RegisterComponents();
    }

    /// <param name="x">[N,I,H,W] -> [N,O,H,W].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        // sqrt 2 times a leaky ReLU is the leaky ReLU of sqrt 2 times its input: one pass less over the image
        var gain = (bias is null ? 1 : Math.Sqrt(2)) / Math.Sqrt(weight.numel() / weight.shape[0]);
        var y = functional.conv2d(x, weight * gain, bias is null ? null : bias * Math.Sqrt(2), padding: [padding, padding]);
        return (bias is null ? y : functional.leaky_relu(y, 0.2)).MoveToOuterDisposeScope();
    }
}
