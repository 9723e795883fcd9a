using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp.Modules;

/// <summary>
/// A run of layers that the native side computes in one go on channels-last memory: [ReflectionPad2d], Conv2d or ConvTranspose2d, [InstanceNorm2d], [ReLU or LeakyReLU].
/// Results and gradients are those of the layers one after another; what lies in memory as libtorch likes it by default is left to the layers.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConvolutionBlock
{
    internal long StrideH, StrideW, PadH, PadW, OutputPadH, OutputPadW;
    internal long Left, Right, Top, Bottom;
    internal long Transposed, Normalised;
    internal double Epsilon, NegativeSlope;

    /// <summary>The convolution alone; null when it is grouped or dilated.</summary>
    internal static ConvolutionBlock? Of(long[] stride, long[] padding, long[] outputPadding, long[] dilation, long groups, bool transposed) =>
        groups != 1 || dilation.Any(d => d != 1) || padding.Any(p => p < 0) ? null : new ConvolutionBlock
        {
            StrideH = stride[0],
            StrideW = stride[^1],
            PadH = padding[0],
            PadW = padding[^1],
            OutputPadH = outputPadding[0],
            OutputPadW = outputPadding[^1],
            Transposed = transposed ? 1 : 0,
            NegativeSlope = 1,
        };

    /// <summary>The longest run that begins at <paramref name="at"/>, applied to <paramref name="input"/>; null when there is none, or none for such tensors.</summary>
    internal static torch.Tensor? Run(List<torch.nn.IModule<torch.Tensor, torch.Tensor>> layers, ref int at, torch.Tensor input)
    {
        var next = at;
        var border = Take<ReflectionPad2d>(layers, ref next);
        if (Take<Convolution>(layers, ref next) is not { padding_type: null, padding_mode: PaddingModes.Zeros, kernel_size.Length: 2 } convolution) return null;
        if (Of(convolution.stride, convolution.padding, convolution.output_padding, convolution.dilation, convolution.groups, convolution.transposed) is not { } block) return null;
        if (border is not null)
        {
            if (border.padding.Any(p => p < 0)) return null;
            (block.Left, block.Right, block.Top, block.Bottom) = (border.padding[0], border.padding[1], border.padding[2], border.padding[3]);
        }
        if (next < layers.Count && layers[next] is InstanceNorm2d { affine: false, track_running_stats: false, HasHooks: false } norm)
        {
            next++;
            (block.Normalised, block.Epsilon) = (1, norm.eps);
        }
        if (Take<ReLU>(layers, ref next) is not null) block.NegativeSlope = 0;
        else if (next < layers.Count && layers[next] is LeakyReLU { negative_slope: >= 0, HasHooks: false } leaky)
        {
            next++;
            block.NegativeSlope = leaky.negative_slope;
        }
        var result = block.Apply(input, convolution.weight, convolution.bias);
        if (result is not null) at = next;
        return result;
    }

    /// <summary>Null when the native side leaves such tensors to the layers.</summary>
    internal readonly unsafe torch.Tensor? Apply(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias)
    {
        var block = this;
        nint result;
        Shim.Checked(Shim.shim_convolution_block(input.Handle, weight.Handle, bias?.Handle ?? 0, &block, &result));
        GC.KeepAlive(input);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return result == 0 ? null : new torch.Tensor(result);
    }

    private static T? Take<T>(List<torch.nn.IModule<torch.Tensor, torch.Tensor>> layers, ref int at) where T : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        if (at >= layers.Count || layers[at] is not T { HasHooks: false } layer) return null;
        at++;
        return layer;
    }
}
