namespace TorchSharp;

public enum DeviceType { CPU = 0, CUDA = 1, MKLDNN = 2, OPENGL = 3, OPENCL = 4, IDEEP = 5, HIP = 6, FPGA = 7, MSNPU = 8, XLA = 9, MPS = 13, META = 14 }

public enum PaddingModes { Zeros = 0, Reflect = 1, Replicate = 2, Circular = 3, Constant = 4 }

public enum Padding { Valid = 0, Same = 1 }

public enum compute_mode { use_mm_for_euclid_dist_if_necessary = 0, use_mm_for_euclid_dist = 1, donot_use_mm_for_euclid_dist = 2 }

public enum FFTNormType { Backward = 0, Forward = 1, Ortho = 2 }

public enum Reduce { prod, mean, amax, amin }

public enum TensorStringStyle { Metadata, Julia, Numpy, CSharp, Default }

public static partial class torch
{
    public enum ScalarType : sbyte
    {
        Byte = 0, Int8 = 1, Int16 = 2, Int32 = 3, Int64 = 4, Float16 = 5, Float32 = 6, Float64 = 7,
        ComplexFloat32 = 9, ComplexFloat64 = 10, Bool = 11, BFloat16 = 15,
    }

    public enum InterpolationMode { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4, Area = 5, NearestExact = 6 }

    public enum UpsampleMode { Nearest = 0, Linear = 1, Bilinear = 2, Bicubic = 3, Trilinear = 4 }

    public enum GridSampleMode { Nearest = 0, Bilinear = 1 }

    public enum GridSamplePaddingMode { Zeros = 0, Reflection = 1, Border = 2 }

    public enum RoundingMode { None, trunc, floor }

    public const ScalarType uint8 = ScalarType.Byte, int8 = ScalarType.Int8, int16 = ScalarType.Int16, @short = ScalarType.Int16,
        int32 = ScalarType.Int32, @int = ScalarType.Int32, int64 = ScalarType.Int64, @long = ScalarType.Int64,
        float16 = ScalarType.Float16, half = ScalarType.Float16, float32 = ScalarType.Float32, @float = ScalarType.Float32,
        float64 = ScalarType.Float64, @double = ScalarType.Float64, bfloat16 = ScalarType.BFloat16,
        complex64 = ScalarType.ComplexFloat32, cfloat = ScalarType.ComplexFloat32, complex128 = ScalarType.ComplexFloat64,
        cdouble = ScalarType.ComplexFloat64, @bool = ScalarType.Bool;

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
}
