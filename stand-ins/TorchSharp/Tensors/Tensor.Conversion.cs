using TorchSharp.Native;

namespace TorchSharp;

// Element type and device.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to_type(type, copy, disposeAfter, non_blocking);
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Consumed(disposeAfter, Aten.Tensor("to.dtype", this, type, non_blocking, copy));
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(dtype, device, copy, disposeAfter, non_blocking);
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Consumed(disposeAfter, Aten.Tensor("to.device", this, device, type, non_blocking, copy));
        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);
        public Tensor type(ScalarType dtype) => to_type(dtype);
        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor mps(bool non_blocking = false) => to(MPS, non_blocking: non_blocking);
        public Tensor pin_memory() => Aten.Tensor("pin_memory", this);
        public bool is_pinned() => Aten.Bool("is_pinned", this);
        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);
        public Tensor cfloat() => to_type(ScalarType.ComplexFloat32);
        public Tensor cdouble() => to_type(ScalarType.ComplexFloat64);
        public Tensor view_as_complex() => Aten.Tensor("view_as_complex", this);
        public Tensor view_as_real() => Aten.Tensor("view_as_real", this);
        public Tensor conj() => Aten.Tensor("conj", this);

        private Tensor Consumed(bool dispose, Tensor result)
        {
            if (dispose) Dispose();
            return result;
        }
    }
}
