using TorchSharp.Native;

namespace TorchSharp;

// Deviations, ranks and quantiles; integrals over samples.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var(dimensions.ToArray(), unbiased, keepdim, type);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public (Tensor, Tensor) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std_mean([dim], unbiased, keepdim, type);
        public (Tensor, Tensor) std_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public (Tensor, Tensor) std_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public (Tensor, Tensor) std_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            std_mean(dimensions.ToArray(), unbiased, keepdim, type);
        public (Tensor, Tensor) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Two("std_mean.dim", this, dimensions, unbiased, keepdim), type);
        public (Tensor, Tensor) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var_mean([dim], unbiased, keepdim, type);
        public (Tensor, Tensor) var_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim.Item1, dim.Item2], unbiased, keepdim, type);
        public (Tensor, Tensor) var_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);
        public (Tensor, Tensor) var_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            var_mean(dimensions.ToArray(), unbiased, keepdim, type);
        public (Tensor, Tensor) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Typed(Aten.Two("var_mean.dim", this, dimensions, unbiased, keepdim), type);
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            Aten.Tensor("nanmean", this, dim is { } d ? new long[] { d } : null, keepdim, dtype);
        public Tensor nanmedian() => Aten.Tensor("nanmedian", this);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.Tensor("nanquantile", this, q, dim, keepdim);
        public (Tensor, Tensor, Tensor) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Aten.Three("unique_consecutive", this, return_inverse, return_counts, (long?)dim);
        public static (Tensor, Tensor) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amax(dims.ToArray(), keepdim, @out);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amin(dims.ToArray(), keepdim, @out);
        public Tensor renorm(float p, long dim, float maxnorm) => Aten.Tensor("renorm", this, (double)p, dim, (double)maxnorm);
        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.Tensor("trapezoid.dx", this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.Tensor("trapezoid.x", this, x, dim);
        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1) => Aten.Tensor("cumulative_trapezoid.dx", this, dx, dim);
        public Tensor cumulative_trapezoid(Tensor x, long dim = -1) => Aten.Tensor("cumulative_trapezoid.x", this, x, dim);

        private static (Tensor, Tensor) Typed((Tensor, Tensor) results, ScalarType? type) => (Typed(results.Item1, type), Typed(results.Item2, type));
    }
}
