using TorchSharp.Native;

namespace TorchSharp;

// Sums, extremes, orders and statistics.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Aten.Tensor("all", this);
        public Tensor all(long dim, bool keepdim = false) => Aten.Tensor("all.dim", this, dim, keepdim);
        public Tensor any() => Aten.Tensor("any", this);
        public Tensor any(long dim, bool keepdim = false) => Aten.Tensor("any.dim", this, dim, keepdim);
        public Tensor sum(ScalarType? type = null) => Aten.Tensor("sum", this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.Tensor("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Aten.Tensor("sum.dim_IntList", this, dim, keepdim, type);
        public Tensor mean() => Aten.Tensor("mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.Tensor("mean.dim", this, dimensions, keepdim, type);
        public Tensor prod(ScalarType? type = null) => Aten.Tensor("prod", this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.Tensor("prod.dim_int", this, dim, keepdim, type);
        public Tensor std(bool unbiased = true) => Aten.Tensor("std", this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Tensor("std.dim", this, new[] { dim }, unbiased, keepdim), type);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Tensor("std.dim", this, dimensions, unbiased, keepdim), type);
        public Tensor var(bool unbiased = true) => Aten.Tensor("var", this, unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Tensor("var.dim", this, new[] { dim }, unbiased, keepdim), type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Tensor("var.dim", this, dimensions, unbiased, keepdim), type);
        public (Tensor, Tensor) std_mean(bool unbiased = true) => Aten.Two("std_mean", this, unbiased);
        public (Tensor, Tensor) var_mean(bool unbiased = true) => Aten.Two("var_mean", this, unbiased);
        public Tensor max() => Aten.Tensor("max", this);
        public Tensor min() => Aten.Tensor("min", this);
        public (Tensor, Tensor) max(long dim, bool keepdim = false) => Aten.Two("max.dim", this, dim, keepdim);
        public (Tensor, Tensor) min(long dim, bool keepdim = false) => Aten.Two("min.dim", this, dim, keepdim);
        public Tensor amax(params long[] dims) => Aten.Tensor("amax", this, dims);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Into(@out, Aten.Tensor("amax", this, dims, keepdim));
        public Tensor amin(params long[] dims) => Aten.Tensor("amin", this, dims);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Into(@out, Aten.Tensor("amin", this, dims, keepdim));
        // Libtorch 1.13 has no gradient for aminmax.
        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => !requires_grad || !is_grad_enabled()
            ? Aten.Two("aminmax", this, dim, keepdim)
            : (amin(dim is { } low ? [low] : [], keepdim), amax(dim is { } high ? [high] : [], keepdim));
        public Tensor argmax() => Aten.Tensor("argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.Tensor("argmax", this, dim, keepdim);
        public Tensor argmin() => Aten.Tensor("argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.Tensor("argmin", this, dim, keepdim);
        public Tensor median() => Aten.Tensor("median", this);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Tensor("quantile", this, q, dim, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.Tensor("logsumexp", this, new[] { dim }, keepdim);
        public Tensor norm(float p = 2) => Aten.Tensor("norm.Scalar", this, (double)p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Aten.Tensor("norm.ScalarOpt_dim", this, (double)p, new long[] { dim }, keepdim);
        public Tensor count_nonzero(long[]? dims = null) => dims is null ? Aten.Tensor("count_nonzero", this) : Aten.Tensor("count_nonzero.dim_IntList", this, dims);
        public Tensor nansum() => Aten.Tensor("nansum", this);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.Tensor("histc", this, bins, min, max);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.Tensor("bincount", this, weights, minlength);
        public (Tensor, Tensor, Tensor) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            dim is { } d ? Aten.Three("unique_dim", this, (long)d, sorted, return_inverse, return_counts) : Aten.Three("_unique2", this, sorted, return_inverse, return_counts);
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Aten.Tensor("cov", this, correction, fweights, aweights);
        public Tensor corrcoef() => Aten.Tensor("corrcoef", this);
        public (Tensor, Tensor) kthvalue(long k, long? dim, bool keepdim = false) => Aten.Two("kthvalue", this, k, dim ?? -1, keepdim);
        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => Aten.Two("mode", this, dim, keepdim);
        public (Tensor, Tensor) sort(long dim = -1, bool descending = false, bool stable = false) => Aten.Two("sort.stable", this, stable, dim, descending);
        public Tensor argsort(long dim = -1, bool descending = false) => Aten.Tensor("argsort", this, dim, descending);
        public Tensor msort() => Aten.Tensor("msort", this);
        public (Tensor, Tensor) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Aten.Two("topk", this, (long)k, (long)dim, largest, sorted);
        public (Tensor, Tensor) cummax(long dim) => Aten.Two("cummax", this, dim);
        public (Tensor, Tensor) cummin(long dim) => Aten.Two("cummin", this, dim);

        private static Tensor Typed(Tensor result, ScalarType? type)
        {
            if (type is not { } wanted || wanted == result.dtype) return result;
            using (result) return result.to_type(wanted);
        }

        internal static Tensor Into(Tensor? target, Tensor result)
        {
            if (target is null) return result;
            using (result)
            {
                Aten.Void("resize_", target, result.shape);
                return target.copy_(result);
            }
        }
    }
}
