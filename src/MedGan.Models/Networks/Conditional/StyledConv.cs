using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.Conditional;

/// <summary>
/// StyleGAN2's modulated convolution (Karras et al., 1912.04958, equations 1 and 3): weights W scaled per input channel by the style s = A w, then per output channel to
/// unit length, d = 1 / sqrt(sum (s W)^2 + eps). Both scalings are done on the activations instead, which is the same and needs one set of weights for the whole batch.
/// </summary>
internal sealed class ModulatedConv : Module<Tensor, Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly EqualisedLinear style;
    private readonly bool demodulate;
    private readonly int padding;
    private readonly double gain;

    /// <param name="demodulate">Whether outputs are brought to unit length, then multiplied by <paramref name="gain"/>.</param>
    public ModulatedConv(int from, int to, int kernel, int styleDimensions, bool demodulate, SeededRandom random, double gain = 1) : base(nameof(ModulatedConv))
    {
        (this.demodulate, this.gain) = (demodulate, gain);
        padding = kernel / 2;
        weight = new Parameter(SeededTensors.Normal([to, from, kernel, kernel], random));
        style = new EqualisedLinear(styleDimensions, from, random, firstBias: 1);
        RegisterComponents();
    }

    /// <summary>A, from w to one factor for each input channel.</summary>
    public EqualisedLinear Style => style;

    /// <param name="x">[N,I,H,W].</param>
    /// <param name="w">[N,W].</param>
    /// <returns>[N,O,H,W].</returns>
    public override Tensor forward(Tensor x, Tensor w)
    {
        using var scope = NewDisposeScope();
        var scaled = weight / Math.Sqrt(weight.numel() / weight.shape[0]); // [O,I,K,K], equalised
        var s = style.call(w); // [N,I]
        var y = functional.conv2d(x * s.unsqueeze(2).unsqueeze(3), scaled, padding: [padding, padding]);
        if (!demodulate) return y.MoveToOuterDisposeScope();
        var lengths = s.square().matmul(scaled.square().sum([2, 3]).t()); // [N,O]
        return (y * ((lengths + 1e-8).rsqrt() * gain).unsqueeze(2).unsqueeze(3)).MoveToOuterDisposeScope();
    }
}

/// <summary>One styled layer (1912.04958, figure 2c): modulated 3 x 3 convolution, noise of one channel with a learned strength, bias, leaky ReLU times sqrt 2.</summary>
internal sealed class StyledConv : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly ModulatedConv conv;
    private readonly Parameter strength, bias;
    private readonly Tensor noise; // [1,1,R,R], what is used where no other is given

    public StyledConv(int from, int to, int resolution, int styleDimensions, SeededRandom random) : base(nameof(StyledConv))
    {
        conv = new ModulatedConv(from, to, 3, styleDimensions, demodulate: true, random, gain: Math.Sqrt(2));
        noise = SeededTensors.Normal([1, 1, resolution, resolution], random);
        strength = new Parameter(zeros(1));
        bias = new Parameter(zeros(1, to, 1, 1));
        RegisterComponents();
    }

    public ModulatedConv Conv => conv;

    /// <summary>[1,1,R,R]; owned here.</summary>
    public Tensor ConstantNoise => noise;

    /// <param name="x">[N,I,R,R].</param>
    /// <param name="w">[N,W].</param>
    /// <param name="shown">Standard normal, [N,1,R,R] or [1,1,R,R].</param>
    /// <returns>[N,O,R,R].</returns>
    public override Tensor forward(Tensor x, Tensor w, Tensor shown)
    {
        using var scope = NewDisposeScope();
        // sqrt 2 times a leaky ReLU is the leaky ReLU of sqrt 2 times its input, which costs no pass over the image
        var offset = shown * (strength * Math.Sqrt(2)) + bias * Math.Sqrt(2); // [N or 1,O,R,R]
        return functional.leaky_relu(conv.call(x, w) + offset, 0.2).MoveToOuterDisposeScope();
    }
}
