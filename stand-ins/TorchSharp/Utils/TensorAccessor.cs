using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Reads and writes a tensor's elements in place, whatever its strides are.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly long[] shape, strides;
    private readonly bool contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (!tensor.is_cpu()) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        this.tensor = tensor;
        (shape, strides) = (tensor.shape, tensor.stride());
        contiguous = tensor.is_contiguous();
        Count = shape.TotalSize();
    }

    public long Count { get; }
    public bool IsReadOnly => false;

    private unsafe T* Data => (T*)tensor.DataPointer();

    public unsafe T this[params long[] indices]
    {
        get
        {
            var value = Data[Offset(indices)];
            GC.KeepAlive(tensor);
            return value;
        }
        set
        {
            Data[Offset(indices)] = value;
            GC.KeepAlive(tensor);
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>An array of as many dimensions as the tensor has.</summary>
    public unsafe Array ToNDArray()
    {
        if (shape.Length == 0) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), checked((int)(Count * sizeof(T))));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(ToArray().AsSpan()).CopyTo(bytes);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        var data = Data;
        if (contiguous) new ReadOnlySpan<T>(data + tensorIndex, count).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < count; i++) array[arrayIndex + i] = data[Linear(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        var data = Data;
        if (contiguous) array.Slice(arrayIndex, count).CopyTo(new Span<T>(data + tensorIndex, count));
        else for (var i = 0; i < count; i++) data[Linear(tensorIndex + i)] = array[arrayIndex + i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++) yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);
    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);
    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(tensor);

    /// <summary>The memory belongs to the tensor: nothing is freed here.</summary>
    public void Dispose() { }

    private unsafe T At(long i) => Data[Linear(i)];

    // The offset of the i-th element in row-major order.
    private long Linear(long i)
    {
        if (contiguous) return i;
        long offset = 0;
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            (i, var index) = Math.DivRem(i, shape[d]);
            offset += index * strides[d];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        // A single index counts through all elements.
        if (indices.Length == 1 && shape.Length != 1)
            return indices[0] >= 0 && indices[0] < Count ? Linear(indices[0]) : throw new IndexOutOfRangeException();
        if (indices.Length != shape.Length) throw new ArgumentException($"The tensor has {shape.Length} dimensions, not {indices.Length}.");
        long offset = 0;
        for (var d = 0; d < indices.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d]) throw new IndexOutOfRangeException($"Index {indices[d]} is outside dimension {d}, which has {shape[d]} elements.");
            offset += indices[d] * strides[d];
        }
        return offset;
    }
}
