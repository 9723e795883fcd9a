using TorchSharp.Native;

namespace TorchSharp;

// Products and decompositions.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Aten.Tensor("matmul", this, target);
        public Tensor mm(Tensor target) => Aten.Tensor("mm", this, target);
        public Tensor mv(Tensor target) => Aten.Tensor("mv", this, target);
        public Tensor bmm(Tensor batch2) => Aten.Tensor("bmm", this, batch2);
        public Tensor dot(Tensor target) => Aten.Tensor("dot", this, target);
        public Tensor vdot(Tensor target) => Aten.Tensor("vdot", this, target);
        public Tensor outer(Tensor vec2) => Aten.Tensor("outer", this, vec2);
        public Tensor ger(Tensor vec2) => Aten.Tensor("outer", this, vec2);
        public Tensor inner(Tensor vec2) => Aten.Tensor("inner", this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.Tensor("addmm", this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Aten.Tensor("baddbmm", this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.InPlace("addmm_", this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.InPlace("addmv_", this, mat, vec, (double)beta, (double)alpha);
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Tensor("addbmm", this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.InPlace("addbmm_", this, batch1, batch2, (double)beta, (double)alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.Tensor("addr", this, vec1, vec2, (double)beta, (double)alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.InPlace("addr_", this, vec1, vec2, (double)beta, (double)alpha);
        public Tensor tensordot(Tensor b, long dims = 2) =>
            tensordot(b, [.. Enumerable.Range(0, (int)dims).Select(d => dim() - dims + d)], [.. Enumerable.Range(0, (int)dims).Select(d => (long)d)]);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Tensor("tensordot", this, b, dims1, dims2);
        public Tensor tensordot(Tensor b, (long, long)[] dims) => tensordot(b, [.. dims.Select(d => d.Item1)], [.. dims.Select(d => d.Item2)]);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.Tensor("addmv", this, mat, vec, (double)beta, (double)alpha);
        public Tensor det() => Aten.Tensor("linalg_det", this);
        public Tensor logdet() => Aten.Tensor("logdet", this);
        public Tensor inverse() => Aten.Tensor("inverse", this);
        public Tensor pinverse(double rcond = 1e-15, bool hermitian = false) => Aten.Tensor("linalg_pinv", this, rcond, hermitian);
        public Tensor cholesky(bool upper = false) => Aten.Tensor("cholesky", this, upper);
        public Tensor cholesky_inverse(bool upper = false) => Aten.Tensor("cholesky_inverse", this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Aten.Tensor("cholesky_solve", this, input2, upper);
        public (Tensor, Tensor) geqrf() => Aten.Two("geqrf", this);
        public Tensor ormqr(Tensor tau, Tensor other, bool left = true, bool transpose = false) => Aten.Tensor("ormqr", this, tau, other, left, transpose);
        public Tensor vander(long N = -1, bool increasing = false) => Aten.Tensor("vander", this, Given(N), increasing);
        public static Tensor block_diag(params Tensor[] tensors) => torch.block_diag(tensors);
        public Tensor matrix_power(int n) => Aten.Tensor("matrix_power", this, (long)n);
        public Tensor matrix_exp() => Aten.Tensor("matrix_exp", this);
        public Tensor trace() => Aten.Tensor("trace", this);
        public Tensor kron(Tensor other) => Aten.Tensor("kron", this, other);
        public Tensor tril(long diagonal = 0) => Aten.Tensor("tril", this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.Tensor("triu", this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.InPlace("tril_", this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.InPlace("triu_", this, diagonal);
        public Tensor diag(long diagonal = 0) => Aten.Tensor("diag", this, diagonal);
        public Tensor diagflat(long offset = 0) => Aten.Tensor("diagflat", this, offset);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.Tensor("diag_embed", this, offset, dim1, dim2);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Aten.Tensor("diagonal", this, offset, dim1, dim2);
        public Tensor t() => Aten.Tensor("t", this);
    }
}
