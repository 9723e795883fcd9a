using TorchSharp.Native;

namespace TorchSharp;

// Picking and placing elements.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor select(long dim, long index) => Aten.Tensor("select.int", this, dim, index);
        public Tensor narrow(long dim, long start, long length) => Aten.Tensor("narrow", this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => Aten.Tensor("slice.Tensor", this, dim, start, finish, step);
        public Tensor index_select(long dim, Tensor index) => Aten.Tensor("index_select", this, dim, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.Tensor("index_add", this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Aten.InPlace("index_add_", this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Aten.Tensor("index_copy", this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.InPlace("index_copy_", this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Aten.Tensor("index_fill.int_Scalar", this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Aten.InPlace("index_fill_.int_Scalar", this, dim, index, value);
        public Tensor gather(long dim, Tensor index) => Aten.Tensor("gather", this, dim, index);
        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Tensor("scatter.src", this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.InPlace("scatter_.src", this, dim, index, src);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Tensor("scatter_add", this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.InPlace("scatter_add_", this, dim, index, src);
        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Tensor("masked_fill.Scalar", this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.InPlace("masked_fill_.Scalar", this, mask, value);
        public Tensor masked_select(Tensor mask) => Aten.Tensor("masked_select", this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Tensor("masked_scatter", this, mask, value);
        public Tensor masked_scatter_(Tensor mask, Tensor value) => Aten.InPlace("masked_scatter_", this, mask, value);
        public Tensor take(Tensor index) => Aten.Tensor("take", this, index);
        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Tensor("take_along_dim", this, indices, dim);
        public Tensor take_along_dim(Tensor indices) => Aten.Tensor("take_along_dim", this, indices);
        public Tensor take_along_dim(IEnumerable<long> indices) => take_along_dim(torch.tensor(indices.ToArray()));
        public Tensor take_along_dim(IEnumerable<long> indices, long dim) => take_along_dim(torch.tensor(indices.ToArray()), dim);
        public Tensor select_scatter(Tensor src, long dim, long index) => Aten.Tensor("select_scatter", this, src, dim, index);
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => Aten.Tensor("slice_scatter", this, src, dim, start, end, step);
        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Tensor("diagonal_scatter", this, src, offset, dim1, dim2);
        public Tensor nonzero() => Aten.Tensor("nonzero", this);
        public Tensor argwhere() => Aten.Tensor("argwhere", this);
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => Aten.Tensor("bucketize.Tensor", this, boundaries, outInt32, right);
    }
}
