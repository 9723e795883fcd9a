namespace TorchSharp.Modules
{
    /// <summary>Puts maxima back where they came from</summary>
    public sealed class MaxUnpool1d : torch.nn.Module<torch.Tensor, torch.Tensor, long[]?, torch.Tensor>
    {
        internal MaxUnpool1d(long kernel_size, long? stride, long? padding) : base(nameof(MaxUnpool1d)) =>
            (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

        public long kernel_size { get; set; }
        public long? stride { get; set; }
        public long? padding { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) =>
            torch.nn.functional.max_unpool1d(tensor, indices, kernel_size, stride, padding, output_size);

        public new torch.Tensor call(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
    }

    /// <summary>Puts maxima back where they came from</summary>
    public sealed class MaxUnpool2d : torch.nn.Module<torch.Tensor, torch.Tensor, long[]?, torch.Tensor>
    {
        internal MaxUnpool2d(long[] kernel_size, long[]? stride, long[]? padding) : base(nameof(MaxUnpool2d)) =>
            (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

        public long[] kernel_size { get; set; }
        public long[]? stride { get; set; }
        public long[]? padding { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) =>
            torch.nn.functional.max_unpool2d(tensor, indices, kernel_size, stride, padding, output_size);

        public new torch.Tensor call(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
    }

    /// <summary>Puts maxima back where they came from</summary>
    public sealed class MaxUnpool3d : torch.nn.Module<torch.Tensor, torch.Tensor, long[]?, torch.Tensor>
    {
        internal MaxUnpool3d(long[] kernel_size, long[]? stride, long[]? padding) : base(nameof(MaxUnpool3d)) =>
            (this.kernel_size, this.stride, this.padding) = (kernel_size, stride, padding);

        public long[] kernel_size { get; set; }
        public long[]? stride { get; set; }
        public long[]? padding { get; set; }

        public override torch.Tensor forward(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) =>
            torch.nn.functional.max_unpool3d(tensor, indices, kernel_size, stride, padding, output_size);

        public new torch.Tensor call(torch.Tensor tensor, torch.Tensor indices, long[]? output_size = null) => base.call(tensor, indices, output_size);
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxUnpool1d MaxUnpool1d(long kernel_size, long? stride = null, long? padding = null) => new(kernel_size, stride, padding);

            public static MaxUnpool2d MaxUnpool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null) => new(kernel_size, stride, padding);
            public static MaxUnpool2d MaxUnpool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null) =>
                new(functional.Pair(kernel_size), functional.Pair(stride), functional.Pair(padding));
            public static MaxUnpool2d MaxUnpool2d(long kernel_size, long? stride = null, long? padding = null) =>
                new([kernel_size, kernel_size], stride is { } s ? [s, s] : null, padding is { } p ? [p, p] : null);

            public static MaxUnpool3d MaxUnpool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null) => new(kernel_size, stride, padding);
            public static MaxUnpool3d MaxUnpool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null) =>
                new(functional.Triple(kernel_size), functional.Triple(stride), functional.Triple(padding));
            public static MaxUnpool3d MaxUnpool3d(long kernel_size, long? stride = null, long? padding = null) =>
                new([kernel_size, kernel_size, kernel_size], stride is { } s ? [s, s, s] : null, padding is { } p ? [p, p, p] : null);
        }
    }
}
