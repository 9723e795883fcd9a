
namespace TorchSharp;

// The same as methods of Tensor: products and decompositions.
public static partial class torch
{
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);
    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.baddbmm(batch1, batch2, beta, alpha);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor cholesky(Tensor input, bool upper) => input.cholesky(upper);
    public static Tensor det(Tensor input) => input.det();
    public static Tensor diag(Tensor input, long diagonal = 0) => input.diag(diagonal);
    public static Tensor diag_embed(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => input.diag_embed(offset, dim1, dim2);
    public static Tensor diagflat(Tensor input, long offset = 0) => input.diagflat(offset);
    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);
    public static Tensor inverse(Tensor input) => input.inverse();
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor logdet(Tensor input) => input.logdet();
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static Tensor pinverse(Tensor input, double rcond = 1e-15, bool hermitian = false) => input.pinverse(rcond, hermitian);
    public static Tensor t(Tensor input) => input.t();
    public static Tensor trace(Tensor input) => input.trace();
    public static Tensor tril(Tensor input, long diagonal = 0) => input.tril(diagonal);
    public static Tensor tril_(Tensor input, long diagonal = 0) => input.tril_(diagonal);
    public static Tensor triu(Tensor input, long diagonal = 0) => input.triu(diagonal);
    public static Tensor triu_(Tensor input, long diagonal = 0) => input.triu_(diagonal);
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);
    public static (Tensor, Tensor) geqrf(Tensor input) => input.geqrf();
    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.addbmm(batch1, batch2, beta, alpha);
    public static Tensor addbmm_(Tensor input, Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => input.addbmm_(batch1, batch2, beta, alpha);
    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);
    public static Tensor addmv_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv_(mat1, mat2, beta, alpha);
    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => input.addr(vec1, vec2, beta, alpha);
    public static Tensor addr_(Tensor input, Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => input.addr_(vec1, vec2, beta, alpha);
    public static Tensor adjoint(Tensor input) => input.adjoint();
    public static Tensor cholesky(Tensor input) => input.cholesky();
    public static Tensor cholesky_inverse(Tensor input, bool upper = false) => input.cholesky_inverse(upper);
    public static Tensor cholesky_solve(Tensor input, Tensor input2, bool upper = false) => input.cholesky_solve(input2, upper);
    public static Tensor ormqr(Tensor input, Tensor tau, Tensor other, bool left = true, bool transpose = false) => input.ormqr(tau, other, left, transpose);
    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);
    public static Tensor vander(Tensor x, long N = -1, bool increasing = false) => x.vander(N, increasing);
    public static (Tensor, Tensor) slogdet(Tensor A) => linalg.slogdet(A);
    public static (Tensor, Tensor, Tensor) lu_unpack(Tensor LU_data, Tensor LU_pivots, bool unpack_data = true, bool unpack_pivots = true) =>
        Native.Aten.Three("lu_unpack", LU_data, LU_pivots, unpack_data, unpack_pivots);
    public static Tensor lu_solve(Tensor b, Tensor LU_data, Tensor LU_pivots) => linalg.lu_solve(LU_data, LU_pivots, b);
    public static Tensor orgqr(Tensor input, Tensor tau) => linalg.householder_product(input, tau);
}
