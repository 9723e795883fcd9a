using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What all convolutions share: geometry, weight [out, in / groups, ...] (transposed: [in, out / groups, ...]) and bias.</summary>
public abstract class Convolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    [ComponentName(Name = "weight")] protected Parameter _weight;
    [ComponentName(Name = "bias")] protected Parameter? _bias;

    /// <summary>The padding as pad() wants it: last dimension first, each number twice.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, torch.Device? device = null, torch.ScalarType? dtype = null) : base(name)
    {
        if (groups <= 0) throw new ArgumentException("groups must be a positive integer");
        if (in_channels % groups != 0) throw new ArgumentException("in_channels must be divisible by groups");
        if (out_channels % groups != 0) throw new ArgumentException("out_channels must be divisible by groups");
        (this.in_channels, this.out_channels, this.kernel_size, this.stride, this.dilation) = (in_channels, out_channels, kernel_size, stride, dilation);
        (this.transposed, this.output_padding, this.groups, this.padding_mode) = (transposed, output_padding, groups, padding_mode);
        this.padding = padding;
        if (padding_type is { } type) SetPadding(type);
        else SetPadding(padding);
        long[] shape = transposed ? [in_channels, out_channels / groups, .. kernel_size] : [out_channels, in_channels / groups, .. kernel_size];
        _weight = new(torch.empty(shape, dtype, device));
        if (bias) _bias = new(torch.empty(out_channels, dtype, device));
        reset_parameters();
        RegisterComponents();
    }

    public long in_channels { get; }
    public long out_channels { get; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; private set; }
    public Padding? padding_type { get; private set; }
    public long[] dilation { get; set; }
    public bool transposed { get; }
    public long[] output_padding { get; set; }
    public long groups { get; set; }
    public PaddingModes padding_mode { get; set; }

    public Parameter weight
    {
        get => _weight;
        set => ConditionallyRegisterParameter("weight", _weight = value);
    }

    public Parameter? bias
    {
        get => _bias;
        set => ConditionallyRegisterParameter("bias", _bias = value);
    }

    /// <summary>PyTorch's default: uniform, bounded by 1 / sqrt(fan in).</summary>
    public void reset_parameters()
    {
        torch.nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (_bias is null) return;
        var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(_weight);
        if (fanIn > 0) torch.nn.init.uniform_(_bias, -1 / Math.Sqrt(fanIn), 1 / Math.Sqrt(fanIn));
    }

    protected void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
        _reversed_padding_repeated_twice = padding.Reverse().SelectMany(p => new[] { p, p }).ToArray();
    }

    protected void SetPadding(Padding padding)
    {
        padding_type = padding;
        this.padding = new long[kernel_size.Length];
        _reversed_padding_repeated_twice = new long[2 * kernel_size.Length];
        if (padding != Padding.Same) return;
        if (stride.Any(s => s != 1)) throw new ArgumentException("padding='same' is not supported for strided convolutions");
        for (var d = 0; d < kernel_size.Length; d++)
        {
            var total = dilation[d] * (kernel_size[d] - 1);
            var at = 2 * (kernel_size.Length - 1 - d);
            _reversed_padding_repeated_twice[at] = total / 2;
            _reversed_padding_repeated_twice[at + 1] = total - total / 2;
        }
    }

    protected bool ValidateShape(torch.Tensor input, long dimensions) =>
        input.dim() == dimensions + 2 ? input.size(1) == in_channels : input.dim() == dimensions + 1 && input.size(0) == in_channels;

    /// <summary>The input with everything around it that the convolution itself does not add; dispose it if it is not the input.</summary>
    private protected (torch.Tensor input, long[] padding) Padded(torch.Tensor input)
    {
        if (!ValidateShape(input, kernel_size.Length))
            throw new ArgumentException($"Expected {kernel_size.Length + 1}D (unbatched) or {kernel_size.Length + 2}D (batched) input with {in_channels} channels to {GetName()}, but got [{string.Join(", ", input.shape)}].");
        var zeros = padding_mode is PaddingModes.Zeros or PaddingModes.Constant;
        var even = padding_type is null || _reversed_padding_repeated_twice.Chunk(2).All(p => p[0] == p[1]);
        if (zeros && even) return (input, padding_type is null ? padding : _reversed_padding_repeated_twice.Chunk(2).Select(p => p[0]).Reverse().ToArray());
        return (torch.nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode), new long[kernel_size.Length]);
    }
}

/// <summary>What transposed convolutions share.</summary>
public abstract class ConvolutionTranspose : Convolution
{
    protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? padding_type, long[] dilation,
        bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, torch.Device? device = null, torch.ScalarType? dtype = null)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, transposed, output_padding, groups, bias, padding_mode, device, dtype)
    {
        if (padding_mode != PaddingModes.Zeros) throw new ArgumentException($"Only \"zeros\" padding mode is supported for {name}");
    }
    public override torch.Tensor forward(torch.Tensor input) => forward(input, null);

    /// <summary>With the spatial size of the output, where the stride leaves several possible.</summary>
    public virtual torch.Tensor forward(torch.Tensor input, long[]? output_size)
    {
        var added = _output_padding(input, output_size, kernel_size, stride, padding, dilation, kernel_size.Length);
        return kernel_size.Length switch
        {
            1 => torch.nn.functional.conv_transpose1d(input, _weight, _bias, stride[0], padding[0], added[0], dilation[0], groups),
            2 => torch.nn.functional.conv_transpose2d(input, _weight, _bias, stride, padding, added, dilation, groups),
            _ => torch.nn.functional.conv_transpose3d(input, _weight, _bias, stride, padding, added, dilation, groups),
        };
    }

    /// <summary>What has to be added at the end of each dimension for the output to have the wanted size.</summary>
    protected long[] _output_padding(torch.Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null) return output_padding;
        var (spatial, shape) = ((int)num_spatial_dims, input.shape);
        if (output_size.Length == shape.Length) output_size = output_size[^spatial..];
        if (output_size.Length != spatial) throw new ArgumentException($"output_size must have {spatial} or {shape.Length} elements (got {output_size.Length})");
        var added = new long[spatial];
        for (var d = 0; d < spatial; d++)
        {
            var least = (shape[shape.Length - spatial + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel_size[d] - 1) + 1;
            added[d] = output_size[d] - least;
            if (added[d] < 0 || added[d] >= stride[d]) throw new ArgumentException($"requested an output size of {output_size[d]}, but valid sizes range from {least} to {least + stride[d] - 1}");
        }
        return added;
    }
}
