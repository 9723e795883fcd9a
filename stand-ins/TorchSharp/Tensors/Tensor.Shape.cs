using TorchSharp.Native;

namespace TorchSharp;

// Shape, order and copies.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Aten.Tensor("reshape", this, shape);
        public Tensor view(params long[] shape) => Aten.Tensor("view", this, shape);
        public Tensor view_as(Tensor other) => Aten.Tensor("view_as", this, other);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Aten.Tensor("flatten.using_ints", this, start_dim, end_dim);
        public Tensor unflatten(long dim, params long[] sizes) => Aten.Tensor("unflatten.int", this, dim, sizes);
        public Tensor ravel() => Aten.Tensor("ravel", this);
        public Tensor permute(params long[] permutation) => Aten.Tensor("permute", this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor transpose_(long dim0, long dim1) => Aten.InPlace("transpose_", this, dim0, dim1);
        // Libtorch 1.13 has no gradient for its own channel_shuffle.
        public Tensor channel_shuffle(long groups)
        {
            using var scope = NewDisposeScope();
            var extents = shape;
            return reshape([extents[0], groups, extents[1] / groups, .. extents[2..]]).transpose(1, 2).reshape(extents).MoveToOuterDisposeScope();
        }
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Aten.Tensor("expand", this, sizes, isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => expand(sizes.Shape, isImplicit);
        public Tensor transpose(long dim0, long dim1) => Aten.Tensor("transpose.int", this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => Aten.Tensor("swapaxes", this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Aten.Tensor("swapdims", this, dim0, dim1);
        public Tensor movedim(long[] source, long[] destination) => Aten.Tensor("movedim.intlist", this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => Aten.Tensor("moveaxis.intlist", this, source, destination);
        public Tensor squeeze(long? dim = null) => dim is { } d ? Aten.Tensor("squeeze.dim", this, d) : Aten.Tensor("squeeze", this);
        public Tensor squeeze_(long? dim = null) => dim is { } d ? Aten.InPlace("squeeze_.dim", this, d) : Aten.InPlace("squeeze_", this);
        public Tensor unsqueeze(long dim) => Aten.Tensor("unsqueeze", this, dim);
        public Tensor unsqueeze_(long dim) => Aten.InPlace("unsqueeze_", this, dim);
        public Tensor expand(params long[] sizes) => Aten.Tensor("expand", this, sizes);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Aten.Tensor("expand", this, sizes, isImplicit);
        public Tensor expand_as(Tensor other) => Aten.Tensor("expand_as", this, other);
        public Tensor broadcast_to(params long[] shape) => Aten.Tensor("broadcast_to", this, shape);
        public Tensor repeat(params long[] sizes) => Aten.Tensor("repeat", this, sizes);
        public Tensor tile(long[] reps) => Aten.Tensor("tile", this, reps);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Aten.Tensor("repeat_interleave.self_int", this, repeats, dim, Arg.None);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Aten.Tensor("repeat_interleave.self_Tensor", this, repeats, dim, output_size);
        public Tensor flip(params long[] dims) => Aten.Tensor("flip", this, dims);
        public Tensor fliplr() => Aten.Tensor("fliplr", this);
        public Tensor flipud() => Aten.Tensor("flipud", this);
        public Tensor rot90(long k = 1, (long, long)? dims = null) => Aten.Tensor("rot90", this, k, dims is { } d ? new[] { d.Item1, d.Item2 } : new long[] { 0, 1 });
        public Tensor roll(long shifts, long? dims = null) => Aten.Tensor("roll", this, new[] { shifts }, dims is { } d ? new[] { d } : new long[] { });
        public Tensor roll(long[] shifts) => Aten.Tensor("roll", this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => Aten.Tensor("roll", this, shifts, dims);
        public Tensor roll((long, long) shifts, (long, long) dims) => Aten.Tensor("roll", this, new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });
        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            Aten.Tensor("roll", this, new[] { shifts.Item1, shifts.Item2, shifts.Item3 }, new[] { dims.Item1, dims.Item2, dims.Item3 });
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Aten.Tensor("roll", this, shifts, dims);
        public Tensor unfold(long dimension, long size, long step) => Aten.Tensor("unfold", this, dimension, size, step);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Aten.Tensor("as_strided", this, size, strides, storageOffset);
        public Tensor contiguous() => Aten.Tensor("contiguous", this);
        public Tensor clone() => Aten.Tensor("clone", this);
        public Tensor detach() => Aten.Tensor("detach", this);
        public Tensor detach_() => Aten.InPlace("detach_", this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Aten.InPlace("copy_", this, source, nonBlocking);
        public Tensor fill_(Scalar value) => Aten.InPlace("fill_.Scalar", this, value);
        public Tensor zero_() => Aten.InPlace("zero_", this);
        public Tensor set_(Tensor source) => Aten.InPlace("set_.source_Tensor", this, source);
        public Tensor[] chunk(long chunks, long dim = 0) => Aten.Many("chunk", this, chunks, dim);
        public Tensor[] split(long size, int dim = 0) => Aten.Many("split.Tensor", this, size, (long)dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Aten.Many("split_with_sizes", this, sizes, dim);
        public Tensor[] split(params long[] sizes) => Aten.Many("split_with_sizes", this, sizes);
        public Tensor[] tensor_split(long size, long dim = 0) => Aten.Many("tensor_split.sections", this, size, dim);
        public Tensor[] unbind(long dimension = 0) => Aten.Many("unbind.int", this, dimension);
        public Tensor atleast_1d() => Aten.Tensor("atleast_1d", this);
        public Tensor atleast_2d() => Aten.Tensor("atleast_2d", this);
        public Tensor atleast_3d() => Aten.Tensor("atleast_3d", this);
    }
}
