using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes the spatial dimensions of [N,C,...], to a size or by a factor.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var spatial = (int)x.dim() - 2;
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("Give either size or scale_factor.");
                if (size is { Length: 1 } && spatial > 1) size = Enumerable.Repeat(size[0], spatial).ToArray();
                if (scale_factor is { Length: 1 } && spatial > 1) scale_factor = Enumerable.Repeat(scale_factor[0], spatial).ToArray();
                if (mode == InterpolationMode.Area || (recompute_scale_factor && scale_factor is not null))
                {
                    size ??= Enumerable.Range(0, spatial).Select(d => (long)Math.Floor(x.size(d + 2) * scale_factor![d])).ToArray();
                    scale_factor = null;
                }
                var corners = align_corners ?? false;
                return (mode, spatial) switch
                {
                    (InterpolationMode.Nearest, 1) => Aten.Tensor("upsample_nearest1d.vec", x, size, scale_factor),
                    (InterpolationMode.Nearest, 2) => Aten.Tensor("upsample_nearest2d.vec", x, size, scale_factor),
                    (InterpolationMode.Nearest, 3) => Aten.Tensor("upsample_nearest3d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 1) => Aten.Tensor("_upsample_nearest_exact1d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 3) => Aten.Tensor("_upsample_nearest_exact3d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, 2) => Aten.Tensor("_upsample_nearest_exact2d.vec", x, size, scale_factor),
                    (InterpolationMode.Linear, 1) => Aten.Tensor("upsample_linear1d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) when antialias => Aten.Tensor("_upsample_bilinear2d_aa.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bilinear, 2) => Aten.Tensor("upsample_bilinear2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) when antialias => Aten.Tensor("_upsample_bicubic2d_aa.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Bicubic, 2) => Aten.Tensor("upsample_bicubic2d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Trilinear, 3) => Aten.Tensor("upsample_trilinear3d.vec", x, size, corners, scale_factor),
                    (InterpolationMode.Area, 1) => Aten.Tensor("adaptive_avg_pool1d", x, size),
                    (InterpolationMode.Area, 2) => Aten.Tensor("adaptive_avg_pool2d", x, size),
                    (InterpolationMode.Area, 3) => Aten.Tensor("adaptive_avg_pool3d", x, size),
                    _ => throw new ArgumentException($"{mode} cannot resize {spatial} spatial dimensions."),
                };
            }

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners);
            public static Tensor upsample_nearest(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                interpolate(x, size, scale_factor, InterpolationMode.Nearest, align_corners);
            public static Tensor upsample_bilinear(Tensor x, long[]? size = null, double[]? scale_factor = null, bool align_corners = false) =>
                interpolate(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);
            public static Tensor upsample_nearest1d(Tensor input, long? outputSize, double? scaleFactor) =>
                interpolate(input, outputSize is { } s ? [s] : null, scaleFactor is { } f ? [f] : null);
            public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) => interpolate(input, outputSizes, scaleFactors);
            public static Tensor upsample_nearest3d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) => interpolate(input, outputSizes, scaleFactors);

            /// <summary>A field of sample positions [N,H,W,2] from affine matrices [N,2,3], for <see cref="grid_sample"/>.</summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Aten.Tensor("affine_grid_generator", theta, size, align_corners);

            /// <summary>Reads [N,C,H,W] at positions in [-1,1].</summary>
            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear,
                GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Aten.Tensor("grid_sampler", input, grid, mode == GridSampleMode.Bilinear ? 0L : 1L,
                    padding_mode switch { GridSamplePaddingMode.Zeros => 0L, GridSamplePaddingMode.Border => 1L, _ => 2L }, align_corners ?? false);
        }
    }
}
