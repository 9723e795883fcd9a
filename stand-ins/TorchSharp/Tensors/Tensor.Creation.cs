using TorchSharp.Native;

namespace TorchSharp;

// Tensors alike this one, and this one's memory filled anew.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor rand_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.rand_like(this, dtype, device, requires_grad);
        public Tensor randn_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.randn_like(this, dtype, device, requires_grad);
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros_like(this, dtype, device, requires_grad);
        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones_like(this, dtype, device, requires_grad);
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty_like(this, dtype, device, requires_grad);
        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full_like(this, value, dtype, device, requires_grad);
        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor randint_like(long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.randint_like(this, low, high, dtype, device, requires_grad);
        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros((long[])[size], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros((long[])[rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros((long[])[dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros((long[])[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones((long[])[size], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones((long[])[rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones((long[])[dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones((long[])[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty((long[])[size], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty((long[])[rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty((long[])[dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty((long[])[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full((long[])[size], value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full((long[])[rows, columns], value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full((long[])[dim0, dim1, dim2], value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full((long[])[dim0, dim1, dim2, dim3], value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor new_full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
        public Tensor empty(params long[] sizes) => Filled("empty.out", sizes, Arg.None, this);
        public Tensor zeros(params long[] sizes) => Filled("zeros.out", sizes, this);
        public Tensor ones(params long[] sizes) => Filled("ones.out", sizes, this);
        public Tensor full(long[] sizes, Scalar value) => Filled("full.out", sizes, value, this);
        public Tensor full(ReadOnlySpan<long> sizes, Scalar value) => Filled("full.out", sizes, value, this);
        public Tensor eye(long rows, long columns) => Filled("eye.m_out", rows, columns, this);
        public Tensor arange_out(Scalar start, Scalar stop, Scalar step) => Filled("arange.start_out", start, stop, step, this);
        public Tensor rand_out(params long[] sizes) => Filled("rand.out", sizes, this);
        public Tensor randn_out(params long[] sizes) => Filled("randn.out", sizes, this);
        public Tensor randint_out(long high, long[] sizes) => Filled("randint.out", high, sizes, this);
        public Tensor randperm_out(long n) => Filled("randperm.out", n, this);

        private Tensor Filled(string op, params ReadOnlySpan<Arg> args)
        {
            Aten.Void(op, args);
            return this;
        }
    }
}
