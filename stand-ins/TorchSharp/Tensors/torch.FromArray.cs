using System.Numerics;

namespace TorchSharp;

// Tensors with given elements; the elements are copied.
public static partial class torch
{
    public static Tensor as_tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<bool>(rawArray, [rawArray.Length], ScalarType.Bool, dtype, device, false, null);
    public static Tensor as_tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<byte>(rawArray, [rawArray.Length], ScalarType.Byte, dtype, device, false, null);
    public static Tensor as_tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<bool>(rawArray.ToArray(), [rawArray.Count], ScalarType.Bool, dtype, device, false, null);
    public static Tensor as_tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<byte>(rawArray.ToArray(), [rawArray.Count], ScalarType.Byte, dtype, device, false, null);
    public static Tensor as_tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<double>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float64, dtype, device, false, null);
    public static Tensor as_tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<short>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int16, dtype, device, false, null);
    public static Tensor as_tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<int>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int32, dtype, device, false, null);
    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<long>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int64, dtype, device, false, null);
    public static Tensor as_tensor(IList<Complex> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<Complex>(rawArray.ToArray(), [rawArray.Count], ScalarType.ComplexFloat64, dtype, device, false, null);
    public static Tensor as_tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int8, dtype, device, false, null);
    public static Tensor as_tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<float>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float32, dtype, device, false, null);
    public static Tensor as_tensor(IList<(float, float)> rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), [rawArray.Count], ScalarType.ComplexFloat32, dtype, device, false, null);
    public static Tensor as_tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<double>(rawArray, [rawArray.Length], ScalarType.Float64, dtype, device, false, null);
    public static Tensor as_tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<short>(rawArray, [rawArray.Length], ScalarType.Int16, dtype, device, false, null);
    public static Tensor as_tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<int>(rawArray, [rawArray.Length], ScalarType.Int32, dtype, device, false, null);
    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<long>(rawArray, [rawArray.Length], ScalarType.Int64, dtype, device, false, null);
    public static Tensor as_tensor(Complex[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<Complex>(rawArray, [rawArray.Length], ScalarType.ComplexFloat64, dtype, device, false, null);
    public static Tensor as_tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<sbyte>(rawArray, [rawArray.Length], ScalarType.Int8, dtype, device, false, null);
    public static Tensor as_tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<float>(rawArray, [rawArray.Length], ScalarType.Float32, dtype, device, false, null);
    public static Tensor as_tensor((float, float)[] rawArray, ScalarType? dtype = null, Device? device = null) =>
        FromSpan<(float, float)>(rawArray, [rawArray.Length], ScalarType.ComplexFloat32, dtype, device, false, null);
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Bool, dtype, device, requires_grad, null);
    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray, dimensions, ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray, [rawArray.Length], ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Byte, null, device, requires_grad, null);
    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray, dimensions, ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray, [rawArray.Length], ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<bool> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<bool> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<bool> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray.ToArray(), [rows, columns], ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray.ToArray(), dimensions, ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<bool> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<bool>(rawArray.ToArray(), [rawArray.Count], ScalarType.Bool, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<byte> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<byte> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<byte> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.ToArray(), [rows, columns], ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.ToArray(), dimensions, ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<byte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.ToArray(), [rawArray.Count], ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<double> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<double> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<double> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray.ToArray(), [rows, columns], ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<double> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Half> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Half> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Half> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.ToArray(), [rows, columns], ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Half> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.ToArray(), dimensions, ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Half> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<short> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<short> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<short> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.ToArray(), [rows, columns], ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<short> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.ToArray(), dimensions, ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<short> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<int> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<int> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray.ToArray(), [rows, columns], ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray.ToArray(), dimensions, ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<int> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<long> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.ToArray(), [rows, columns], ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.ToArray(), dimensions, ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Complex> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Complex> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Complex> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.ToArray(), [rows, columns], ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Complex> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.ToArray(), dimensions, ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<Complex> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.ToArray(), [rawArray.Count], ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<sbyte> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<sbyte> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<sbyte> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), [rows, columns], ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<sbyte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), dimensions, ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<sbyte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<float> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<float> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<float> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.ToArray(), [rows, columns], ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.ToArray(), dimensions, ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<float> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<(float, float)> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), [dim0, dim1, dim2, dim3], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<(float, float)> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), [dim0, dim1, dim2], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<(float, float)> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), [rows, columns], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<(float, float)> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), dimensions, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor(IList<(float, float)> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray.ToArray(), [rawArray.Count], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Float64, dtype, device, requires_grad, null);
    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray, [rawArray.Length], ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(Half[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray, dimensions, ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(Half[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray, [rawArray.Length], ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Int16, null, device, requires_grad, null);
    public static Tensor tensor(short[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray, dimensions, ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(short[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray, [rawArray.Length], ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Int32, null, device, requires_grad, null);
    public static Tensor tensor(int[] rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray, [dim0, dim1, dim2, dim3], ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray, dimensions, ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray, [rawArray.Length], ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Int64, dtype, device, requires_grad, null);
    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(dataArray, dimensions, ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(dataArray, [dataArray.Length], ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray.Span, dimensions, ScalarType.Byte, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray.Span, dimensions, ScalarType.Float64, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<Half> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Half>(rawArray.Span, dimensions, ScalarType.Float16, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<short> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<short>(rawArray.Span, dimensions, ScalarType.Int16, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray.Span, dimensions, ScalarType.Int32, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(rawArray.Span, dimensions, ScalarType.Int64, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<Complex> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray.Span, dimensions, ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<sbyte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray.Span, dimensions, ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(Memory<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray.Span, dimensions, ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(Complex scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.ComplexFloat64, dtype, device, requires_grad, null);
    public static Tensor tensor(Complex[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray, dimensions, ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(Complex[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<Complex>(rawArray, [rawArray.Length], ScalarType.ComplexFloat64, dtype, device, requires_grad, names);
    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Int8, null, device, requires_grad, null);
    public static Tensor tensor(sbyte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray, dimensions, ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(sbyte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<sbyte>(rawArray, [rawArray.Length], ScalarType.Int8, dtype, device, requires_grad, names);
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.Float32, null, device, requires_grad, null);
    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray, [rawArray.Length], ScalarType.Float32, dtype, device, requires_grad, names);
    public static Tensor tensor((float, float) scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromSpan([scalar], [], ScalarType.ComplexFloat32, dtype, device, requires_grad, null);
    public static Tensor tensor((float, float)[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray, dimensions, ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor((float, float)[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<(float, float)>(rawArray, [rawArray.Length], ScalarType.ComplexFloat32, dtype, device, requires_grad, names);
    public static Tensor tensor((double, double) scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(new Complex(scalar.Item1, scalar.Item2), dtype, device, requires_grad);
    public static Tensor tensor(double real, double imaginary, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor(new Complex(real, imaginary), dtype, device, requires_grad);
    public static Tensor tensor(float real, float imaginary, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        tensor((real, imaginary), dtype, device, requires_grad);
}
