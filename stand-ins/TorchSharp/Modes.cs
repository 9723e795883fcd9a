using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>No graph is recorded on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => set_grad_enabled(false);
    public static IDisposable enable_grad(bool enabled = true) => set_grad_enabled(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => Shim.shim_grad_mode() != 0;

    /// <summary>As <see cref="no_grad"/>, and tensors made here can never take part in a graph.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => Shim.shim_is_inference() != 0;

    public static void set_num_threads(int num) => Shim.Checked(Shim.shim_set_num_threads(num));
    public static int get_num_threads() => Shim.shim_num_threads();

    private static ScalarType defaultType = ScalarType.Float32;

    public static ScalarType get_default_dtype() => defaultType;
    public static void set_default_dtype(ScalarType dtype) => defaultType = dtype;

    private sealed class GradMode : IDisposable
    {
        private readonly int before = Shim.shim_grad_mode();
        internal GradMode(bool on) => Shim.shim_set_grad_mode(on ? 1 : 0);
        public void Dispose() => Shim.shim_set_grad_mode(before);
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint guard;
        internal InferenceMode(bool on) => guard = Shim.shim_enter_inference(on ? 1 : 0);
        public void Dispose()
        {
            if (guard != 0) Shim.shim_leave_inference(guard);
            guard = 0;
        }
    }
}
