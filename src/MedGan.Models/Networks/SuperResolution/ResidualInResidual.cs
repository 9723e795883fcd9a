using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Networks.SuperResolution;

/// <summary>A residual-in-residual dense block (1809.00219, figure 4): three dense blocks, of whose result beta = 0.2 is added to the input.</summary>
public sealed class ResidualInResidual : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public ResidualInResidual(int width, int growth) : base(nameof(ResidualInResidual))
    {
        layers = Sequential(("dense1", new DenseBlock(width, growth)), ("dense2", new DenseBlock(width, growth)), ("dense3", new DenseBlock(width, growth)));
        RegisterComponents();
    }

    /// <param name="x">[N,w,H,W] -> the same.</param>
    public override Tensor forward(Tensor x)
    {
        using var change = layers.call(x);
        using var scaled = change * DenseBlock.ResidualScale;
        return x + scaled;
    }
}
