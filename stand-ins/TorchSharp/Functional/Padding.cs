using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                if (mode is PaddingModes.Constant or PaddingModes.Zeros) return Aten.Tensor("pad", input, pad, PadMode(mode), value);
                if (input.dtype is not (ScalarType.BFloat16 or ScalarType.Float16)) return Aten.Tensor("pad", input, pad, PadMode(mode), (double?)null);
                // libtorch 1.13 copies borders of numbers of 32 and more bits only.
                using var scope = NewDisposeScope();
                return Aten.Tensor("pad", input.to(ScalarType.Float32), pad, PadMode(mode), (double?)null).to(input.dtype).MoveToOuterDisposeScope();
            }

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Pair(pad), mode, value);
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad, pad], mode, value);

            internal static string PadMode(PaddingModes mode) => mode switch
            {
                PaddingModes.Zeros or PaddingModes.Constant => "constant",
                PaddingModes.Reflect => "reflect",
                PaddingModes.Replicate => "replicate",
                PaddingModes.Circular => "circular",
                _ => throw new ArgumentException($"Unknown padding mode {mode}."),
            };

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.Tensor("pixel_shuffle", input, upscale_factor);
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.Tensor("pixel_unshuffle", input, downscale_factor);
        }
    }
}
