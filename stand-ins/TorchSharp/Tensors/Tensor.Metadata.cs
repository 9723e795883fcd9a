using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private enum Fact { Dimensions, Type, DeviceType, DeviceIndex, Sparse, RequiresGrad, Leaf, Count }

        private unsafe long Read(Fact fact)
        {
            long* facts = stackalloc long[(int)Fact.Count];
            Shim.Checked(Shim.shim_describe(Handle, facts));
            GC.KeepAlive(this);
            return facts[(int)fact];
        }

        public long Dimensions => dim();
        public long ndim => dim();
        public long dim()
        {
            var dimensions = Shim.shim_dim(Handle);
            GC.KeepAlive(this);
            return dimensions;
        }

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* p = sizes) Shim.shim_sizes(Handle, p);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;
        public long size(int dim) => shape[dim < 0 ? (int)this.dim() + dim : dim];

        public unsafe long[] stride()
        {
            var strides = new long[dim()];
            fixed (long* p = strides) Shim.Checked(Shim.shim_strides(Handle, p));
            GC.KeepAlive(this);
            return strides;
        }
        public long stride(int dim) => stride()[dim < 0 ? (int)this.dim() + dim : dim];
        public long storage_offset()
        {
            var offset = Shim.Checked(Shim.shim_storage_offset(Handle));
            GC.KeepAlive(this);
            return offset;
        }

        public long NumberOfElements => numel();
        public long numel() => TensorExtensionMethods.TotalSize(shape);
        public long ElementSize => dtype.ElementSize();
        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Read(Fact.Type);
        public DeviceType device_type => (DeviceType)Read(Fact.DeviceType);
        public int device_index => (int)Read(Fact.DeviceIndex);
        public Device device => new(device_type, device_index);
        public bool is_sparse => Read(Fact.Sparse) != 0;
        public bool is_leaf => Read(Fact.Leaf) != 0;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_nonzero() => Aten.Bool("is_nonzero", this);

        public bool is_contiguous()
        {
            long expected = 1;
            var (sizes, strides) = (shape, stride());
            if (sizes.Contains(0)) return true;
            for (var i = sizes.Length - 1; i >= 0; i--)
            {
                if (sizes[i] != 1 && strides[i] != expected) return false;
                expected *= sizes[i];
            }
            return true;
        }

        public override string ToString()
        {
            if (IsInvalid) return "[disposed]";
            return $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
        }
    }
}

public static partial class TensorExtensionMethods
{
    /// <summary>Bytes per element.</summary>
    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new NotSupportedException($"Elements of type {type} are not supported."),
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, extent) => product * extent);
}
