namespace TorchSharp.Native;

/// <summary>An operator's argument on its way to native code: made by implicit conversion, it keeps what it refers to alive.</summary>
internal readonly struct Arg
{
    internal readonly Tag Tag;
    internal readonly object? Object;
    internal readonly long A;
    internal readonly long B;

    private Arg(Tag tag, object? obj, long a = 0, long b = 0) => (Tag, Object, A, B) = (tag, obj, a, b);

    internal static readonly Arg None = default;

    public static implicit operator Arg(torch.Tensor? tensor) => tensor is null ? None : new(Tag.Tensor, tensor);
    public static implicit operator Arg(torch.Tensor?[]? tensors) => tensors is null ? None : new(Tag.Tensors, tensors);
    public static implicit operator Arg(long value) => new(Tag.Int, null, value);
    public static implicit operator Arg(long? value) => value is { } v ? v : None;
    public static implicit operator Arg(double value) => new(Tag.Double, null, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is { } v ? v : None;
    public static implicit operator Arg(bool value) => new(Tag.Bool, null, value ? 1 : 0);
    public static implicit operator Arg(bool? value) => value is { } v ? v : None;
    public static implicit operator Arg(string? value) => value is null ? None : new(Tag.String, System.Text.Encoding.UTF8.GetBytes(value));
    public static implicit operator Arg(long[]? values) => values is null ? None : new(Tag.Ints, values);
    public static implicit operator Arg(ReadOnlySpan<long> values) => new(Tag.Ints, values.ToArray());
    public static implicit operator Arg(double[]? values) => values is null ? None : new(Tag.Doubles, values);
    public static implicit operator Arg(bool[] values) => new(Tag.Bools, values);
    public static implicit operator Arg(torch.ScalarType type) => new(Tag.Int, null, (long)type);
    public static implicit operator Arg(torch.ScalarType? type) => type is { } t ? t : None;
    public static implicit operator Arg(torch.nn.Reduction reduction) => new(Tag.Int, null, (long)reduction);
    public static implicit operator Arg(torch.Device? device) => device is null ? None : new(Tag.Device, null, (long)device.type, device.index);
    public static implicit operator Arg(torch.Generator? generator) => generator is null ? None : new(Tag.Generator, generator);

    public static implicit operator Arg(Scalar? scalar) => scalar is null ? None : scalar.Type switch
    {
        torch.ScalarType.Bool => scalar.Integer != 0,
        torch.ScalarType.ComplexFloat32 or torch.ScalarType.ComplexFloat64 =>
            new(Tag.Complex, null, BitConverter.DoubleToInt64Bits(scalar.Real), BitConverter.DoubleToInt64Bits(scalar.Imaginary)),
        torch.ScalarType.Float64 or torch.ScalarType.Float32 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => scalar.Real,
        _ => scalar.Integer,
    };
}
