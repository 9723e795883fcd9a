using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Dense linear algebra, batched over leading dimensions.</summary>
    public static class linalg
    {
        public enum QRMode { Reduced = 0, Complete = 1, R = 2 }

        /// <summary>Eigenvalues, ascending, and eigenvectors of a symmetric matrix.</summary>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Aten.Two("linalg_eigh", input, UPLO.ToString());
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Aten.Tensor("linalg_eigvalsh", input, UPLO.ToString());
        /// <summary>Eigenvalues and eigenvectors of any square matrix; both are complex.</summary>
        public static (Tensor, Tensor) eig(Tensor input) => Aten.Two("linalg_eig", input);
        public static Tensor eigvals(Tensor input) => Aten.Tensor("linalg_eigvals", input);

        /// <summary>U, the singular values in descending order, and the conjugate transpose of V.</summary>
        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true) => Aten.Three("linalg_svd", input, fullMatrices);
        public static Tensor svdvals(Tensor input) => Aten.Tensor("linalg_svdvals", input);
        public static (Tensor, Tensor) qr(Tensor input, QRMode mode = QRMode.Reduced) => Aten.Two("linalg_qr", input, mode.ToString().ToLowerInvariant());
        public static Tensor householder_product(Tensor A, Tensor tau) => Aten.Tensor("linalg_householder_product", A, tau);

        public static Tensor cholesky(Tensor input) => Aten.Tensor("linalg_cholesky", input);
        public static (Tensor, Tensor) cholesky_ex(Tensor input, bool check_errors = false) => Aten.Two("linalg_cholesky_ex", input, false, check_errors);

        public static (Tensor, Tensor, Tensor) lu(Tensor input, bool pivot = true) => Aten.Three("linalg_lu", input, pivot);
        public static (Tensor, Tensor) lu_factor(Tensor input, bool pivot = true) => Aten.Two("linalg_lu_factor", input, pivot);
        public static Tensor lu_solve(Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null) =>
            Tensor.Into(@out, Aten.Tensor("linalg_lu_solve", LU, pivots, B, left, adjoint));
        public static (Tensor, Tensor) ldl_factor(Tensor input, bool hermitian = true) => Aten.Two("linalg_ldl_factor", input, hermitian);
        public static (Tensor, Tensor, Tensor) ldl_factor_ex(Tensor input, bool hermitian = true, bool check_errors = false) =>
            Aten.Three("linalg_ldl_factor_ex", input, hermitian, check_errors);
        public static Tensor ldl_solve(Tensor LD, Tensor pivots, Tensor B, bool hermitian = false) => Aten.Tensor("linalg_ldl_solve", LD, pivots, B, hermitian);

        public static Tensor det(Tensor input) => Aten.Tensor("linalg_det", input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Aten.Two("linalg_slogdet", input);
        public static Tensor inv(Tensor input) => Aten.Tensor("linalg_inv", input);
        public static (Tensor, Tensor) inv_ex(Tensor input, bool check_errors = false) => Aten.Two("linalg_inv_ex", input, check_errors);
        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.Tensor("linalg_pinv.atol_rtol_float", input, atol, rtol, hermitian);
        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Aten.Tensor("linalg_pinv.atol_rtol_tensor", input, atol, rtol, hermitian);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Aten.Tensor("linalg_solve", A, B, left);
        public static (Tensor, Tensor) solve_ex(Tensor A, Tensor B, bool left = true, bool check_errors = false) => Aten.Two("linalg_solve_ex", A, B, left, check_errors);
        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null) =>
            Tensor.Into(@out, Aten.Tensor("linalg_solve_triangular", A, B, upper, left, unitriangular));
        /// <summary>Solution, residuals, rank and singular values of the least squares problem |input x - other|.</summary>
        public static (Tensor, Tensor, Tensor, Tensor) lstsq(Tensor input, Tensor other) => Aten.Four("linalg_lstsq", input, other);
        public static (Tensor, Tensor, Tensor, Tensor) lstsq(Tensor input, Tensor other, double rcond) =>
            Aten.Four("linalg_lstsq", input, other, rcond);
        public static Tensor tensorinv(Tensor input, long ind) => Aten.Tensor("linalg_tensorinv", input, ind);
        public static Tensor tensorsolve(Tensor A, Tensor B, long[] dims) => Aten.Tensor("linalg_tensorsolve", A, B, dims);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_vector_norm", input, ord, dims, keepdim);
        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Aten.Tensor("linalg_matrix_norm.str_ord", input, ord, dims ?? [-2, -1], keepdim);
        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Aten.Tensor("linalg_matrix_norm", input, ord, dims ?? [-2, -1], keepdim);
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_norm", input, Arg.None, dims, keepdim);
        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_norm.ord_str", input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_norm", input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_norm", input, (long)ord, dims, keepdim);
        public static Tensor cond(Tensor input) => Aten.Tensor("linalg_cond", input);
        public static Tensor cond(Tensor input, double p) => Aten.Tensor("linalg_cond", input, p);
        public static Tensor cond(Tensor input, int p) => Aten.Tensor("linalg_cond", input, (long)p);
        public static Tensor cond(Tensor input, string p) => Aten.Tensor("linalg_cond.p_str", input, p);
        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Aten.Tensor("linalg_matrix_rank.atol_rtol_float", input, atol, rtol, hermitian);
        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Aten.Tensor("linalg_matrix_rank.atol_rtol_tensor", input, atol, rtol, hermitian);

        public static Tensor matrix_exp(Tensor input) => Aten.Tensor("linalg_matrix_exp", input);
        public static Tensor multi_dot(IList<Tensor> tensors) => Aten.Tensor("linalg_multi_dot", tensors.ToArray());
        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => Aten.Tensor("linalg_cross", input, other, dim);
        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null) => Tensor.Into(@out, Aten.Tensor("linalg_vecdot", x, y, dim));
        public static Tensor diagonal(Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1) =>
            Aten.Tensor("linalg_diagonal", input, (long)offset, (long)dim1, (long)dim2);
        public static Tensor vander(Tensor input, long? N = null) => Aten.Tensor("linalg_vander", input, N);
    }
}
