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
}
