using TorchSharp.Native;

namespace TorchSharp;

// Functions of several tensors.
public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Aten.Tensor("cat", tensors.ToArray(), dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Aten.Tensor("stack", tensors.ToArray(), dim);
    public static Tensor hstack(params Tensor[] tensors) => Aten.Tensor("hstack", tensors);
    public static Tensor hstack(IList<Tensor> tensors) => hstack(tensors.ToArray());
    public static Tensor vstack(IList<Tensor> tensors) => Aten.Tensor("vstack", tensors.ToArray());
    public static Tensor dstack(params Tensor[] tensors) => Aten.Tensor("dstack", tensors);
    public static Tensor dstack(IList<Tensor> tensors) => dstack(tensors.ToArray());
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Aten.Tensor("where.self", condition, x, y);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Aten.Tensor("einsum", equation, tensors, Arg.None);
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Aten.Many("meshgrid.indexing", tensors.ToArray(), indexing);
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Aten.Many("broadcast_tensors", tensors);
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Aten.Tensor("cdist", x1, x2, p, (long)compute_mode);
    public static Tensor cartesian_prod(params Tensor[] tensors) => Aten.Tensor("cartesian_prod", tensors);
    public static Tensor block_diag(params Tensor[] tensors) => Aten.Tensor("block_diag", tensors);
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        Aten.Tensor("searchsorted.Tensor", sorted_sequence, values, out_int32, right, Arg.None, sorter);
    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor complex(Tensor real, Tensor imag) => Aten.Tensor("complex", real, imag);
    public static long numel(Tensor input) => input.numel();
    public static bool is_tensor(object obj) => obj is Tensor;
    public static Tensor hstack(IEnumerable<Tensor> tensors) => hstack(tensors.ToArray());
    public static Tensor dstack(IEnumerable<Tensor> tensors) => dstack(tensors.ToArray());
    public static Tensor column_stack(params Tensor[] tensors) => Aten.Tensor("column_stack", tensors);
    public static Tensor column_stack(IList<Tensor> tensors) => column_stack(tensors.ToArray());
    public static Tensor row_stack(params Tensor[] tensors) => Aten.Tensor("vstack", tensors);
    public static Tensor row_stack(IList<Tensor> tensors) => row_stack(tensors.ToArray());
    public static Tensor cartesian_prod(IList<Tensor> tensors) => cartesian_prod(tensors.ToArray());
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false) => Aten.Tensor("combinations", input, (long)r, with_replacement);
    public static Tensor chain_matmul(params Tensor[] matrices) => Aten.Tensor("linalg_multi_dot", matrices);
    public static IEnumerable<Tensor> atleast_1d(params Tensor[] input) => Aten.Many("atleast_1d.Sequence", input);
    public static IEnumerable<Tensor> atleast_2d(params Tensor[] input) => Aten.Many("atleast_2d.Sequence", input);
    public static IEnumerable<Tensor> atleast_3d(params Tensor[] input) => Aten.Many("atleast_3d.Sequence", input);
    public static Tensor[] where(Tensor condition) => Aten.Many("where", condition);
    public static Tensor polar(Tensor abs, Tensor angle) => Aten.Tensor("polar", abs, angle);
    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor sorter) =>
        Aten.Tensor("searchsorted.Scalar", sorted_sequence, values, out_int32, right, Arg.None, sorter);
    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.Tensor("tril_indices", row, col, offset, dtype, Arg.None, device ?? defaultDevice);
    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.Tensor("triu_indices", row, col, offset, dtype, Arg.None, device ?? defaultDevice);
    public static Tensor index_reduce(Tensor input, long dim, Tensor index, Tensor source, Reduce reduce, bool include_self = true) =>
        Aten.Tensor("index_reduce", input, dim, index, source, reduce.ToString(), include_self);
    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false) => Aten.Tensor("gather", input, dim, index, sparse_grad);
    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long? dim = null, int edge_order = 1) =>
        Aten.Many("gradient.scalarint", input, (long)spacing, dim, (long)edge_order);
    public static ICollection<Tensor> gradient(Tensor input, int spacing = 1, long[]? dims = null, int edge_order = 1) =>
        dims is null ? gradient(input, spacing, (long?)null, edge_order) : Aten.Many("gradient.scalararray", input, (long)spacing, dims, (long)edge_order);
    public static (Tensor, Tensor) histogram(Tensor input, Tensor bins, Tensor? weight = null, bool density = false) =>
        Aten.Two("histogram.bins_tensor", input, bins, weight, density);
    public static (Tensor, Tensor) histogram(Tensor input, long bins, (double, double)? range = null, Tensor? weight = null, bool density = false) =>
        Aten.Two("histogram.bin_ct", input, bins, range is { } r ? new[] { r.Item1, r.Item2 } : null, weight, density);
}
