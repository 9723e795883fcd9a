namespace TorchSharp.Modules
{
    /// <summary>The maximum of each window of [N,C,L]</summary>
    public sealed class MaxPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal MaxPool1d(long kernel_size, long? stride, long? padding, long? dilation, bool ceil_mode) : base(nameof(MaxPool1d)) =>
            (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

        public long kernel_size { get; set; }
        public long? stride { get; set; }
        public long? padding { get; set; }
        public long? dilation { get; set; }
        public bool ceil_mode { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    }

    /// <summary>The maximum of each window of [N,C,H,W]</summary>
    public sealed class MaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal MaxPool2d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode) : base(nameof(MaxPool2d)) =>
            (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

        public long[] kernel_size { get; set; }
        public long[]? stride { get; set; }
        public long[]? padding { get; set; }
        public long[]? dilation { get; set; }
        public bool ceil_mode { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.max_pool2d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    }

    /// <summary>The maximum of each window of [N,C,D,H,W]</summary>
    public sealed class MaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal MaxPool3d(long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode) : base(nameof(MaxPool3d)) =>
            (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

        public long[] kernel_size { get; set; }
        public long[]? stride { get; set; }
        public long[]? padding { get; set; }
        public long[]? dilation { get; set; }
        public bool ceil_mode { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.max_pool3d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);
    }

    /// <summary>Maxima over as many windows as the output has elements</summary>
    public sealed class AdaptiveMaxPool1d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal AdaptiveMaxPool1d(long output_size) : base(nameof(AdaptiveMaxPool1d)) => this.output_size = output_size;

        public long output_size { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.adaptive_max_pool1d(input, output_size);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.adaptive_max_pool1d_with_indices(input, output_size);
    }

    /// <summary>Maxima over as many windows as the output has elements</summary>
    public sealed class AdaptiveMaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal AdaptiveMaxPool2d(long[] output_size) : base(nameof(AdaptiveMaxPool2d)) => this.output_size = output_size;

        public long[] output_size { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.adaptive_max_pool2d(input, output_size);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.adaptive_max_pool2d_with_indices(input, output_size);
    }

    /// <summary>Maxima over as many windows as the output has elements</summary>
    public sealed class AdaptiveMaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal AdaptiveMaxPool3d(long[] output_size) : base(nameof(AdaptiveMaxPool3d)) => this.output_size = output_size;

        public long[] output_size { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.adaptive_max_pool3d(input, output_size);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.adaptive_max_pool3d_with_indices(input, output_size);
    }

    /// <summary>Maxima over windows of random places</summary>
    public sealed class FractionalMaxPool2d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal FractionalMaxPool2d(long[] kernel_size, long[]? output_size, double[]? output_ratio) : base(nameof(FractionalMaxPool2d)) =>
            (this.kernel_size, this.output_size, this.output_ratio) = (kernel_size, output_size, output_ratio);

        public long[] kernel_size { get; set; }
        public long[]? output_size { get; set; }
        public double[]? output_ratio { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.fractional_max_pool2d(input, kernel_size, output_size, output_ratio);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio);
    }

    /// <summary>Maxima over windows of random places</summary>
    public sealed class FractionalMaxPool3d : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal FractionalMaxPool3d(long[] kernel_size, long[]? output_size, double[]? output_ratio) : base(nameof(FractionalMaxPool3d)) =>
            (this.kernel_size, this.output_size, this.output_ratio) = (kernel_size, output_size, output_ratio);

        public long[] kernel_size { get; set; }
        public long[]? output_size { get; set; }
        public double[]? output_ratio { get; set; }

        public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.fractional_max_pool3d(input, kernel_size, output_size, output_ratio);

        public (torch.Tensor output, torch.Tensor indices) forward_with_indices(torch.Tensor input) => torch.nn.functional.fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxPool1d MaxPool1d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);

            public static MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);
            public static MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                new(functional.Pair(kernel_size), functional.Pair(stride), functional.Pair(padding), functional.Pair(dilation), ceil_mode);
            public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new([kernel_size, kernel_size], stride is { } s ? [s, s] : null, padding is { } p ? [p, p] : null, dilation is { } d ? [d, d] : null, ceil_mode);

            public static MaxPool3d MaxPool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);
            public static MaxPool3d MaxPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, bool ceil_mode = false) =>
                new(functional.Triple(kernel_size), functional.Triple(stride), functional.Triple(padding), functional.Triple(dilation), ceil_mode);
            public static MaxPool3d MaxPool3d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new([kernel_size, kernel_size, kernel_size], stride is { } s ? [s, s, s] : null, padding is { } p ? [p, p, p] : null, dilation is { } d ? [d, d, d] : null, ceil_mode);

            public static AdaptiveMaxPool1d AdaptiveMaxPool1d(long output_size) => new(output_size);
            public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] output_size) => new(output_size);
            public static AdaptiveMaxPool3d AdaptiveMaxPool3d(long[] output_size) => new(output_size);

            public static FractionalMaxPool2d FractionalMaxPool2d(long kernel_size, long? output_size = null, double? output_ratio = null) =>
                new([kernel_size, kernel_size], output_size is { } s ? [s, s] : null, output_ratio is { } r ? [r, r] : null);
            public static FractionalMaxPool2d FractionalMaxPool2d((long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                new(functional.Pair(kernel_size), functional.Pair(output_size), output_ratio is { } r ? [r.Item1, r.Item2] : null);
            public static FractionalMaxPool2d FractionalMaxPool2d(long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) => new(kernel_size, output_size, output_ratio);

            public static FractionalMaxPool3d FractionalMaxPool3d(long kernel_size, long? output_size = null, double? output_ratio = null) =>
                new([kernel_size, kernel_size, kernel_size], output_size is { } s ? [s, s, s] : null, output_ratio is { } r ? [r, r, r] : null);
            public static FractionalMaxPool3d FractionalMaxPool3d((long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                new(functional.Triple(kernel_size), functional.Triple(output_size), output_ratio is { } r ? [r.Item1, r.Item2, r.Item3] : null);
            public static FractionalMaxPool3d FractionalMaxPool3d(long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) => new(kernel_size, output_size, output_ratio);
        }
    }
}
