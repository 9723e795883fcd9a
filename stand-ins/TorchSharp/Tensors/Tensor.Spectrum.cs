using TorchSharp.Native;

namespace TorchSharp;

// Short-time Fourier transforms.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor stft(long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true, PaddingModes pad_mode = PaddingModes.Reflect,
            bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
            Aten.Tensor("stft.center", this, n_fft, Given(hop_length), Given(win_length), window, center, pad_mode.ToString().ToLowerInvariant(), normalized, onesided, return_complex);
        public Tensor istft(long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true, bool normalized = false,
            bool? onesided = null, long length = -1, bool return_complex = false) =>
            Aten.Tensor("istft", this, n_fft, Given(hop_length), Given(win_length), window, center, normalized, onesided, Given(length), return_complex);

        private static long? Given(long length) => length < 0 ? null : length;
    }
}
