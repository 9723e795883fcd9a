using TorchSharp.Native;

namespace TorchSharp;

// Element types: their limits, and what comes of two of them.
public static partial class torch
{
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Aten.Long("promote_types", type1, type2);
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Aten.Long("result_type.Tensor", tensor1, tensor2);
    public static bool can_cast(ScalarType from, ScalarType to) => Aten.Bool("can_cast", from, to);
    public static void set_default_tensor_type(Tensor t) => set_default_dtype(t.dtype);

    public static long max_int_value(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        ScalarType.Int32 => int.MaxValue,
        ScalarType.Int64 => long.MaxValue,
        _ => throw new ArgumentException($"{type} is not a type of whole numbers."),
    };

    public static Size broadcast_shapes(params long[][] shapes)
    {
        var result = new long[shapes.Max(shape => shape.Length)];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
            for (var d = 0; d < shape.Length; d++)
            {
                ref var extent = ref result[result.Length - shape.Length + d];
                if (extent != 1 && shape[d] != 1 && shape[d] != extent)
                    throw new ArgumentException($"Shapes do not broadcast: [{string.Join("], [", shapes.Select(s => string.Join(", ", s)))}].");
                if (extent == 1) extent = shape[d];
            }
        return new(result);
    }

    /// <summary>The limits of a floating point type.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps, max, min, resolution, smallest_normal, tiny;
    }

    public static FInfo finfo() => finfo(defaultType);

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => Limits(16, 10, 15, 1e-3),
        ScalarType.BFloat16 => Limits(16, 7, 127, 1e-2),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Limits(32, 23, 127, 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Limits(64, 52, 1023, 1e-15),
        _ => throw new ArgumentException($"{dtype} is not a floating point type."),
    };

    private static FInfo Limits(int bits, int fraction, int exponent, double resolution)
    {
        var (eps, smallest) = (Math.ScaleB(1, -fraction), Math.ScaleB(1, 1 - exponent));
        var max = Math.ScaleB(2 - eps, exponent);
        return new() { bits = bits, eps = eps, max = max, min = -max, resolution = resolution, smallest_normal = smallest, tiny = smallest };
    }
}
