using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Dense linear algebra, batched over leading dimensions.</summary>
    public static class linalg
    {
        /// <summary>Eigenvalues, ascending, and eigenvectors of a symmetric matrix.</summary>
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Aten.Two("linalg_eigh", input, UPLO.ToString());

        public static (Tensor, Tensor, Tensor) svd(Tensor input, bool fullMatrices = true) => Aten.Three("linalg_svd", input, fullMatrices);
        public static Tensor svdvals(Tensor input) => Aten.Tensor("linalg_svdvals", input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Aten.Two("linalg_slogdet", input);
        public static Tensor cholesky(Tensor input) => Aten.Tensor("linalg_cholesky", input);
        public static Tensor det(Tensor input) => Aten.Tensor("linalg_det", input);
        public static Tensor inv(Tensor input) => Aten.Tensor("linalg_inv", input);
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Aten.Tensor("linalg_solve", A, B, left);
        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_vector_norm", input, ord, dims, keepdim);
        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Aten.Tensor("linalg_matrix_norm.str_ord", input, ord, dims ?? [-2, -1], keepdim);
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Aten.Tensor("linalg_norm", input, Arg.None, dims, keepdim);
    }

    /// <summary>Discrete Fourier transforms.</summary>
    public static class fft
    {
        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_rfft", input, Length(n), dim, Norm(norm));
        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_irfft", input, Length(n), dim, Norm(norm));
        public static Tensor fft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_fft2", input, s, dim ?? [-2, -1], Norm(norm));
        public static Tensor ifft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_ifft2", input, s, dim ?? [-2, -1], Norm(norm));
        public static Tensor rfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_rfft2", input, s, dim ?? [-2, -1], Norm(norm));
        public static Tensor irfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Aten.Tensor("fft_irfft2", input, s, dim ?? [-2, -1], Norm(norm));
        public static Tensor fftshift(Tensor input, long[]? dim = null) => Aten.Tensor("fft_fftshift", input, dim);
        public static Tensor ifftshift(Tensor input, long[]? dim = null) => Aten.Tensor("fft_ifftshift", input, dim);

        private static long? Length(long n) => n < 0 ? null : n;
        private static string Norm(FFTNormType norm) => norm.ToString().ToLowerInvariant();
    }
}
