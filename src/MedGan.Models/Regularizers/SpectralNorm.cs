using MedGan.Models.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MedGan.Models.Regularizers;

/// <summary>
/// Spectral normalisation (Miyato et al., 1802.05957, equation 8 and algorithm 1): a layer whose weight, as a matrix with one row for each output
/// channel, is divided by its largest singular value sigma, so that the layer is 1-Lipschitz in the matrix sense. sigma = u^T W v, with u and v
/// kept from step to step and made better by power iterations in training mode alone; the gradient flows through sigma, with u and v held constant.
/// The layer's own weight stays the parameter ("layer.weight"); u and v are buffers ("u", "v"), so they are in checkpoints and go to all ranks.
/// </summary>
public sealed class SpectralNorm : Module<Tensor, Tensor>
{
    private const int FirstIterations = 15;

    private readonly Module<Tensor, Tensor> layer;
    private readonly Tensor u, v; // [rows], [columns] of the weight's matrix
    private readonly int powerIterations;
    private readonly double epsilon;

    /// <param name="layer">A Conv2d or ConvTranspose2d that pads with zeros, a Linear or an Embedding; owned from here on.</param>
    /// <param name="random">Gives u its first direction, on which 15 power iterations follow.</param>
    /// <param name="powerIterations">For each call in training mode, at least 1.</param>
    /// <param name="epsilon">Keeps the directions of a weight of zeros finite.</param>
    /// <exception cref="ArgumentException">The layer is another.</exception>
    public SpectralNorm(Module<Tensor, Tensor> layer, SeededRandom random, int powerIterations = 1, double epsilon = 1e-12) : base(nameof(SpectralNorm))
    {
        if (layer is not (Conv2d { padding_mode: PaddingModes.Zeros } or ConvTranspose2d _ or Linear _ or Embedding _))
            throw new ArgumentException($"Spectral normalisation is for Conv2d and ConvTranspose2d that pad with zeros, Linear and Embedding, not for {layer.GetName()}.", nameof(layer));
        ArgumentOutOfRangeException.ThrowIfLessThan(powerIterations, 1);
        this.layer = layer;
        this.powerIterations = powerIterations;
        this.epsilon = epsilon;
        using (var scope = NewDisposeScope())
        using (no_grad())
        {
            var matrix = Matrix();
            var start = tensor([.. Enumerable.Range(0, (int)matrix.shape[0]).Select(_ => random.NextNormal())], dtype: matrix.dtype, device: matrix.device);
            var directions = Iterate(matrix, start, FirstIterations);
            (u, v) = (directions.U.MoveToOuterDisposeScope(), directions.V.MoveToOuterDisposeScope());
        }
        RegisterComponents();
    }

    private Parameter Weight => layer switch
    {
        Convolution convolution => convolution.weight,
        Linear linear => linear.weight,
        _ => ((Embedding)layer).weight,
    };

    /// <param name="input">What the layer takes.</param>
    /// <returns>What the layer gives, with its weight divided by sigma.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var sigma = Sigma().to(Weight.dtype);
        var output = layer switch
        {
            ConvTranspose2d c => functional.conv_transpose2d(input, c.weight / sigma, c.bias, c.stride, c.padding, c.output_padding, c.dilation, c.groups),
            Conv2d { padding_type: { } padding } c => functional.conv2d_padding(input, c.weight / sigma, c.bias, c.stride, padding, c.dilation, c.groups),
            Conv2d c => functional.conv2d(input, c.weight / sigma, c.bias, c.stride, c.padding, c.dilation, c.groups),
            Linear l => functional.linear(input, l.weight / sigma, l.bias),
            _ => layer.call(input) / sigma, // rows of the weight, and no bias
        };
        return output.MoveToOuterDisposeScope();
    }

    // a scalar, with a graph from the weight
    private Tensor Sigma()
    {
        var matrix = Matrix();
        Tensor left, right;
        using (no_grad())
        {
            // clones: the graph must not see what later calls make of the buffers
            (left, right) = training ? Iterate(matrix, u.to(matrix.dtype), powerIterations) : (u.to(matrix.dtype).clone(), v.to(matrix.dtype).clone());
            if (training)
            {
                u.copy_(left);
                v.copy_(right);
            }
        }
        return left.dot(matrix.mv(right));
    }

    // v <- W^T u / |W^T u|, u <- W v / |W v|
    private (Tensor U, Tensor V) Iterate(Tensor matrix, Tensor start, int iterations)
    {
        var (left, right) = (start, start);
        for (var i = 0; i < iterations; i++)
        {
            right = functional.normalize(matrix.t().mv(left), dim: 0, eps: epsilon);
            left = functional.normalize(matrix.mv(right), dim: 0, eps: epsilon);
        }
        return (left, right);
    }

    // [O,...] -> [O, the rest], in single precision at least; a transposed convolution's weight is [I,O,...]
    private Tensor Matrix()
    {
        var matrix = (layer is ConvTranspose2d ? Weight.transpose(0, 1) : Weight).flatten(1);
        return matrix.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? matrix.to(ScalarType.Float32) : matrix;
    }
}
