
namespace TorchSharp;

// The same as methods of Tensor: shape, order and copies.
public static partial class torch
{
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);
    public static Tensor clone(Tensor input) => input.clone();
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);
    public static Tensor fliplr(Tensor input) => input.fliplr();
    public static Tensor flipud(Tensor input) => input.flipud();
    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.moveaxis(source, destination);
    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.moveaxis([source], [destination]);
    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) =>
        input.moveaxis([source.Item1, source.Item2], [destination.Item1, destination.Item2]);
    public static Tensor moveaxis(Tensor input, (long, long, long) source, (long, long, long) destination) =>
        input.moveaxis([source.Item1, source.Item2, source.Item3], [destination.Item1, destination.Item2, destination.Item3]);
    public static Tensor moveaxis(Tensor input, (long, long, long, long) source, (long, long, long, long) destination) =>
        input.moveaxis([source.Item1, source.Item2, source.Item3, source.Item4], [destination.Item1, destination.Item2, destination.Item3, destination.Item4]);
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);
    public static Tensor ravel(Tensor input) => input.ravel();
    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);
    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);
    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);
    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);
    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.swapaxes(axis0, axis1);
    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.swapdims(dim0, dim1);
    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);
    public static Tensor unsqueeze_(Tensor input, long dim) => input.unsqueeze_(dim);
    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);
    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);
    public static Tensor[] tensor_split(Tensor input, long indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);
    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);
    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);
    public static Tensor roll(Tensor input, (long, long, long) shifts, (long, long, long) dims) => input.roll(shifts, dims);
    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);
    public static Tensor[] dsplit(Tensor input, long size) => input.dsplit(size);
    public static Tensor[] dsplit(Tensor input, long[] indices_or_sections) => input.dsplit(indices_or_sections);
    public static Tensor[] dsplit(Tensor input, (long, long, long, long) indices_or_sections) => input.dsplit(indices_or_sections);
    public static Tensor[] dsplit(Tensor input, (long, long, long) indices_or_sections) => input.dsplit(indices_or_sections);
    public static Tensor[] dsplit(Tensor input, (long, long) indices_or_sections) => input.dsplit(indices_or_sections);
    public static Tensor[] dsplit(Tensor input, Tensor indices_or_sections) => input.dsplit(indices_or_sections);
    public static Tensor[] hsplit(Tensor input, long indices_or_sections) => input.hsplit(indices_or_sections);
    public static Tensor[] hsplit(Tensor input, long[] indices_or_sections) => input.hsplit(indices_or_sections);
    public static Tensor[] hsplit(Tensor input, (long, long, long, long) indices_or_sections) =>
        input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);
    public static Tensor[] hsplit(Tensor input, (long, long, long) indices_or_sections) =>
        input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);
    public static Tensor[] hsplit(Tensor input, (long, long) indices_or_sections) =>
        input.hsplit([indices_or_sections.Item1, indices_or_sections.Item2]);
    public static Tensor[] hsplit(Tensor input, Tensor indices_or_sections) => input.hsplit(indices_or_sections);
    public static Tensor[] tensor_split(Tensor input, long[] indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);
    public static Tensor[] tensor_split(Tensor input, Tensor indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);
    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);
    public static Tensor[] vsplit(Tensor input, long[] indices_or_sections) => input.vsplit(indices_or_sections);
}
