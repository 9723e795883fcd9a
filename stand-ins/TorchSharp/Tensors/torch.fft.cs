using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Discrete Fourier transforms.</summary>
    public static class fft
    {
        public static Tensor fft_(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_fft", input, n, dim, norm);
        public static Tensor ifft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_ifft", input, n, dim, norm);
        public static Tensor rfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_rfft", input, n, dim, norm);
        public static Tensor irfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_irfft", input, n, dim, norm);
        public static Tensor hfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_hfft", input, n, dim, norm);
        public static Tensor ihfft(Tensor input, long n = -1, long dim = -1, FFTNormType norm = FFTNormType.Backward) => One("fft_ihfft", input, n, dim, norm);

        public static Tensor fft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_fft2", input, s, dim, norm);
        public static Tensor ifft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_ifft2", input, s, dim, norm);
        public static Tensor rfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_rfft2", input, s, dim, norm);
        public static Tensor irfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_irfft2", input, s, dim, norm);
        public static Tensor hfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_hfft2", input, s, dim, norm);
        public static Tensor ihfft2(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => Two("fft_ihfft2", input, s, dim, norm);

        public static Tensor fftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_fftn", input, s, dim, norm);
        public static Tensor ifftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_ifftn", input, s, dim, norm);
        public static Tensor rfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_rfftn", input, s, dim, norm);
        public static Tensor irfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_irfftn", input, s, dim, norm);
        public static Tensor hfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_hfftn", input, s, dim, norm);
        public static Tensor ihfftn(Tensor input, long[]? s = null, long[]? dim = null, FFTNormType norm = FFTNormType.Backward) => All("fft_ihfftn", input, s, dim, norm);

        /// <summary>The frequencies of a transform's bins, in cycles per unit of the sample spacing <paramref name="d"/>.</summary>
        public static Tensor fftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Aten.Tensor("fft_fftfreq", n, d, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
        public static Tensor rfftfreq(long n, double d = 1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Made(Aten.Tensor("fft_rfftfreq", n, d, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
        public static Tensor fftshift(Tensor input, long[]? dim = null) => Aten.Tensor("fft_fftshift", input, dim);
        public static Tensor ifftshift(Tensor input, long[]? dim = null) => Aten.Tensor("fft_ifftshift", input, dim);

        // Over one dimension, over two, and over any.
        private static Tensor One(string op, Tensor input, long n, long dim, FFTNormType norm) => Aten.Tensor(op, input, n < 0 ? Arg.None : n, dim, Name(norm));
        private static Tensor Two(string op, Tensor input, long[]? s, long[]? dim, FFTNormType norm) => Aten.Tensor(op, input, s, dim ?? [-2, -1], Name(norm));
        private static Tensor All(string op, Tensor input, long[]? s, long[]? dim, FFTNormType norm) => Aten.Tensor(op, input, s, dim, Name(norm));
        private static string Name(FFTNormType norm) => norm.ToString().ToLowerInvariant();
    }
}
