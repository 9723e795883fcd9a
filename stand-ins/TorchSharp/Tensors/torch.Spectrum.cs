using TorchSharp.Native;

namespace TorchSharp;

// Windows and short-time Fourier transforms.
public static partial class torch
{
    public static Tensor bartlett_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("bartlett_window.periodic", len, periodic, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
    public static Tensor blackman_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("blackman_window.periodic", len, periodic, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
    public static Tensor hann_window(long len, bool periodic = true, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("hann_window.periodic", len, periodic, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
    public static Tensor hamming_window(long len, bool periodic = true, float alpha = 0.54f, float beta = 0.46f, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("hamming_window.periodic_alpha_beta", len, periodic, (double)alpha, (double)beta, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);
    public static Tensor kaiser_window(long len, bool periodic = true, float beta = 12, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("kaiser_window.beta", len, periodic, (double)beta, dtype ?? defaultType, Arg.None, device ?? defaultDevice), requires_grad);

    public static Tensor stft(Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
        PaddingModes pad_mode = PaddingModes.Reflect, bool normalized = false, bool? onesided = null, bool? return_complex = null) =>
        input.stft(n_fft, hop_length, win_length, window, center, pad_mode, normalized, onesided, return_complex);
    public static Tensor istft(Tensor input, long n_fft, long hop_length = -1, long win_length = -1, Tensor? window = null, bool center = true,
        bool normalized = false, bool? onesided = null, long length = -1, bool return_complex = false) =>
        input.istft(n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex);
}
