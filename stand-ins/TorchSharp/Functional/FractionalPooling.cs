using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Graham 2015: windows of random places. Give either the size of the output or its ratio to the input's.
        public static partial class functional
        {
            public static Tensor fractional_max_pool2d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool2d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                First(fractional_max_pool2d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor output, Tensor indices) fractional_max_pool2d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, [kernel_size, kernel_size], output_size is { } s ? [s, s] : null, output_ratio is { } r ? [r, r] : null);
            public static (Tensor output, Tensor indices) fractional_max_pool2d_with_indices(Tensor input, (long, long) kernel_size, (long, long)? output_size = null, (double, double)? output_ratio = null) =>
                fractional_max_pool2d_with_indices(input, Pair(kernel_size), Pair(output_size), output_ratio is { } r ? [r.Item1, r.Item2] : null);
            public static (Tensor output, Tensor indices) fractional_max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                Fractional("fractional_max_pool2d", input, kernel_size, output_size, output_ratio);

            public static Tensor fractional_max_pool3d(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool3d(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));
            public static Tensor fractional_max_pool3d(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                First(fractional_max_pool3d_with_indices(input, kernel_size, output_size, output_ratio));

            public static (Tensor output, Tensor indices) fractional_max_pool3d_with_indices(Tensor input, long kernel_size, long? output_size = null, double? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, [kernel_size, kernel_size, kernel_size], output_size is { } s ? [s, s, s] : null, output_ratio is { } r ? [r, r, r] : null);
            public static (Tensor output, Tensor indices) fractional_max_pool3d_with_indices(Tensor input, (long, long, long) kernel_size, (long, long, long)? output_size = null, (double, double, double)? output_ratio = null) =>
                fractional_max_pool3d_with_indices(input, Triple(kernel_size), Triple(output_size), output_ratio is { } r ? [r.Item1, r.Item2, r.Item3] : null);
            public static (Tensor output, Tensor indices) fractional_max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? output_size = null, double[]? output_ratio = null) =>
                Fractional("fractional_max_pool3d", input, kernel_size, output_size, output_ratio);

            private static (Tensor, Tensor) Fractional(string op, Tensor input, long[] kernel_size, long[]? output_size, double[]? output_ratio)
            {
                if ((output_size is null) == (output_ratio is null)) throw new ArgumentException("Give either output_size or output_ratio.");
                var (spatial, dimensions) = (kernel_size.Length, (int)input.dim());
                output_size ??= Enumerable.Range(0, spatial).Select(d => (long)(input.size(dimensions - spatial + d) * output_ratio![d])).ToArray();
                long[] places = [dimensions == spatial + 1 ? 1 : input.size(0), input.size(dimensions - spatial - 1), spatial];
                using var samples = rand(places, input.dtype, input.device);
                return Aten.Two(op, input, kernel_size, output_size, samples);
            }
        }
    }
}
