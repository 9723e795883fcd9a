using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

// Tensors made from ranges, random numbers, arrays and other tensors.
public static partial class torch
{
    private static Tensor Made(Tensor tensor, bool requires_grad, string[]? names = null)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not supported here.");
        return requires_grad ? tensor.requires_grad_() : tensor;
    }

    private static unsafe Tensor FromSpan<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> shape, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
        where T : unmanaged
    {
        Tensor tensor;
        fixed (T* e = elements)
        fixed (long* s = shape)
            tensor = new Tensor(Shim.Checked(Shim.shim_from_memory(e, (long)elements.Length * sizeof(T), s, shape.Length, (int)type)));
        var (wanted, place) = (dtype ?? type, device ?? defaultDevice);
        if (wanted != type || place.type != DeviceType.CPU)
            using (var source = tensor) tensor = source.to(wanted, place);
        return Made(tensor, requires_grad, names);
    }

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        return Made(Aten.Tensor("arange.start_step", start, stop, step, dtype ?? (whole ? ScalarType.Int64 : defaultType), Arg.None, device ?? defaultDevice), requires_grad);
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("linspace", start, end, steps, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("logspace", start, end, steps, @base, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("eye.m", rows, columns < 0 ? rows : columns, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Tensor("randint.low_generator", low, high, size, generator, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice), requires_grad, names);
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(low, high, size.Shape, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size.Shape, dtype, device, requires_grad, generator, names);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Made(Aten.Tensor("randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, device ?? defaultDevice), requires_grad);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Made(Aten.Tensor("normal.float_float", mean, std, size, generator, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad, names);
    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => Aten.Tensor("normal.Tensor_Tensor", mean, std, generator);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("zeros_like", input, dtype, Arg.None, device), requires_grad, names);
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("ones_like", input, dtype, Arg.None, device), requires_grad, names);
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("empty_like", input, dtype, Arg.None, device), requires_grad, names);
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("full_like", input, value, dtype, Arg.None, device), requires_grad, names);
    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("rand_like", input, dtype, Arg.None, device), requires_grad);
    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("randn_like", input, dtype, Arg.None, device), requires_grad);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    /// <summary>Copies an array of any number of dimensions.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static unsafe Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var element = rawArray.GetType().GetElementType()!;
        var type = Enum.GetValues<ScalarType>().FirstOrDefault(t => t != ScalarType.BFloat16 && Tensor.ElementOf(t) == element, ScalarType.BFloat16);
        if (type == ScalarType.BFloat16) throw new NotSupportedException($"An array of {element.Name} cannot become a tensor.");
        var shape = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        var bytes = MemoryMarshal.CreateReadOnlySpan(
            ref MemoryMarshal.GetArrayDataReference(rawArray), checked((int)(rawArray.LongLength * type.ElementSize())));
        Tensor tensor;
        fixed (byte* b = bytes)
        fixed (long* s = shape)
            tensor = new Tensor(Shim.Checked(Shim.shim_from_memory(b, bytes.Length, s, shape.Length, (int)type)));
        if ((dtype ?? type) != type || (device ?? defaultDevice).type != DeviceType.CPU)
            using (var source = tensor) tensor = source.to(dtype ?? type, device ?? defaultDevice);
        return Made(tensor, requires_grad, names);
    }
    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Aten.Tensor("empty_strided", size, strides, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad, names);

    /// <summary>A tensor over the array's own memory: what is written to one shows in the other.</summary>
    /// <param name="count">How many elements; negative: all that follow.</param>
    /// <param name="offset">How many bytes to skip at the start.</param>
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var size = dtype.ElementSize();
        var rest = Buffer.ByteLength(rawArray) - offset;
        if (count < 0) count = rest / size;
        if (offset < 0 || count * size > rest) throw new ArgumentException($"{count} elements of {dtype} after {offset} bytes are more than the array holds.");
        var owner = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        var data = (byte*)owner.AddrOfPinnedObject() + offset;
        return Made(new Tensor(Shim.Checked(Shim.shim_over_memory(data, count, (int)dtype, &Unpin, GCHandle.ToIntPtr(owner)))), requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint owner) => GCHandle.FromIntPtr(owner).Free();
}
