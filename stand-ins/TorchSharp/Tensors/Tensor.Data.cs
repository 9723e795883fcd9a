using System.Numerics;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, in place. The accessor reads and writes the tensor's own memory.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            RequireElement<T>();
            return new TensorAccessor<T>(this);
        }

        /// <summary>The one element of a tensor that has just one.</summary>
        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, not {NumberOfElements}.");
            RequireElement<T>();
            using var here = device_type == DeviceType.CPU ? alias() : cpu();
            return here.At<T>(0);
        }

        public Scalar ToScalar() => Aten.Number("item", this);

        /// <summary>The memory of a contiguous tensor on the CPU.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_cpu()) throw new InvalidOperationException("Bytes can be read from tensors on the CPU only.");
                if (!is_contiguous()) throw new InvalidOperationException("Bytes can be read from contiguous tensors only.");
                return new Span<byte>((void*)DataPointer(), checked((int)(NumberOfElements * ElementSize)));
            }
            set
            {
                if (value.Length != NumberOfElements * ElementSize) throw new ArgumentException($"The tensor has {NumberOfElements * ElementSize} bytes, not {value.Length}.");
                value.CopyTo(bytes);
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024) => stream.Write(bytes);
        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024) => stream.ReadExactly(bytes);

        public T ReadCpuValue<T>(long i) where T : unmanaged => data<T>()[Unravel(i)];
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public float ReadCpuFloat16(long i) => (float)ReadCpuValue<Half>(i);

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        internal nint DataPointer()
        {
            var pointer = Shim.shim_data(Handle);
            if (pointer == 0 && NumberOfElements > 0) throw Shim.Error("data_ptr");
            return pointer;
        }

        internal unsafe T At<T>(long offset) where T : unmanaged
        {
            var value = ((T*)DataPointer())[offset];
            GC.KeepAlive(this);
            return value;
        }

        private long[] Unravel(long i)
        {
            var extents = shape;
            var index = new long[extents.Length];
            for (var d = extents.Length - 1; d >= 0; d--) (i, index[d]) = Math.DivRem(i, extents[d]);
            return index;
        }

        private void RequireElement<T>()
        {
            var type = dtype;
            if (typeof(T) != ElementOf(type))
                throw new ArgumentException($"The tensor holds {type}, which cannot be read as {typeof(T).Name}.");
        }

        internal static Type ElementOf(ScalarType type) => type switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.Bool => typeof(bool),
            ScalarType.ComplexFloat32 => typeof((float, float)),
            ScalarType.ComplexFloat64 => typeof(Complex),
            _ => throw new NotSupportedException($"Elements of type {type} cannot be read one by one."),
        };
    }
}

public static partial class TensorExtensionMethods
{
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();
    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();
    public static (float Real, float Imaginary) ToComplexFloat32(this torch.Tensor value) => value.ToScalar().ToComplexFloat32();
    public static Complex ToComplexFloat64(this torch.Tensor value) => value.ToScalar().ToComplexFloat64();
    public static (float Real, float Imaginary) ToComplex32(this torch.Tensor value) => value.ToComplexFloat32();
    public static Complex ToComplex64(this torch.Tensor value) => value.ToComplexFloat64();
    public static ReadOnlySpan<int> IntShape(this torch.Tensor tensor) => Array.ConvertAll(tensor.shape, extent => checked((int)extent));

    public static torch.Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false) where T : struct
    {
        using var flat = torch.from_array(rawArray);
        return flat.reshape(dimensions).requires_grad_(requires_grad);
    }

    public static torch.Tensor ToTensor<T>(this T scalar, torch.Device? device = null, bool requires_grad = false) where T : struct
    {
        using var flat = torch.from_array(new[] { scalar }, device);
        return flat.reshape().requires_grad_(requires_grad);
    }
}
