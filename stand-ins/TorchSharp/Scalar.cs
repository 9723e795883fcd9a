using System.Numerics;

namespace TorchSharp;

/// <summary>A number with its element type. Numbers turn into scalars by themselves.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly long Integer;
    internal readonly double Real, Imaginary;

    private Scalar(torch.ScalarType type, long integer, double real, double imaginary = 0) =>
        (Type, Integer, Real, Imaginary) = (type, integer, real, imaginary);

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => new(torch.ScalarType.Byte, value, value);
    public static implicit operator Scalar(sbyte value) => new(torch.ScalarType.Int8, value, value);
    public static implicit operator Scalar(short value) => new(torch.ScalarType.Int16, value, value);
    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int32, value, value);
    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value, value);
    public static implicit operator Scalar(Half value) => new(torch.ScalarType.Float16, (long)(double)value, (double)value);
    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float32, (long)value, value);
    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, (long)value, value);
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);
    public static implicit operator Scalar((float, float) value) => new(torch.ScalarType.ComplexFloat32, (long)value.Item1, value.Item1, value.Item2);
    public static implicit operator Scalar(Complex value) => new(torch.ScalarType.ComplexFloat64, (long)value.Real, value.Real, value.Imaginary);

    internal static Scalar BFloat16(float value) => new(torch.ScalarType.BFloat16, (long)value, value);

    /// <summary>Nothing to free here: the number lives in managed memory.</summary>
    public void Dispose() { }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this (float, float) value) => value;
    public static Scalar ToScalar(this Complex value) => value;
    public static Scalar ToBFloat16Scalar(this float value) => Scalar.BFloat16(value);

    public static float ToSingle(this Scalar value) => (float)value.Number();
    public static double ToDouble(this Scalar value) => value.Number();
    public static Half ToHalf(this Scalar value) => (Half)value.Number();
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.Integer);
    public static byte ToByte(this Scalar value) => checked((byte)value.Integer);
    public static short ToInt16(this Scalar value) => checked((short)value.Integer);
    public static int ToInt32(this Scalar value) => checked((int)value.Integer);
    public static long ToInt64(this Scalar value) => value.Integer;
    public static bool ToBoolean(this Scalar value) => value.Number() != 0;
    public static (float Real, float Imaginary) ToComplexFloat32(this Scalar value) => ((float)value.Number(), (float)value.Imaginary);
    public static Complex ToComplexFloat64(this Scalar value) => new(value.Number(), value.Imaginary);

    // 64-bit integers do not fit into a double; `Real` is exact for everything else.
    private static double Number(this Scalar value) => torch.is_integral(value.Type) ? value.Integer : value.Real;
}
