using TorchSharp.Native;

namespace TorchSharp;

public enum Float32MatmulPrecision { highest = 0, high = 1, medium = 2 }

// Libtorch's switches for the whole process.
public static partial class torch
{
    /// <summary>Operations that have no deterministic form throw from now on, or only warn.</summary>
    public static IDisposable use_deterministic_algorithms(bool mode = true, bool warn_only = false)
    {
        var before = (are_deterministic_algorithms_enabled(), is_deterministic_algorithms_warn_only_enabled());
        Set(Switch.DeterministicWarnOnly, warn_only);
        Set(Switch.Deterministic, mode);
        return new Restored(() =>
        {
            Set(Switch.DeterministicWarnOnly, before.Item2);
            Set(Switch.Deterministic, before.Item1);
        });
    }

    public static bool are_deterministic_algorithms_enabled() => Get(Switch.Deterministic);
    public static bool is_deterministic_algorithms_warn_only_enabled() => Get(Switch.DeterministicWarnOnly);

    public static IDisposable set_float32_matmul_precision(Float32MatmulPrecision precision)
    {
        var before = get_float32_matmul_precision();
        Shim.Checked(Shim.shim_switch((int)Switch.Float32MatmulPrecision, (int)precision));
        return new Restored(() => Shim.Checked(Shim.shim_switch((int)Switch.Float32MatmulPrecision, (int)before)));
    }

    public static Float32MatmulPrecision get_float32_matmul_precision() => (Float32MatmulPrecision)Shim.shim_switch((int)Switch.Float32MatmulPrecision, -1);
    public static int get_num_interop_threads() => Shim.shim_switch((int)Switch.InteropThreads, -1);

    public static class backends
    {
        public static class cuda
        {
            public static bool flash_sdp_enabled() => Get(Switch.FlashAttention);
            public static bool math_sdp_enabled() => Get(Switch.MathAttention);
            public static void enable_flash_sdp(bool enable) => Set(Switch.FlashAttention, enable);
            public static void enable_math_sdp(bool enable) => Set(Switch.MathAttention, enable);

            public static class matmul
            {
                public static bool allow_tf32 { get => Get(Switch.MatmulTf32); set => Set(Switch.MatmulTf32, value); }
                public static bool allow_fp16_reduced_precision_reduction { get => Get(Switch.ReducedFp16); set => Set(Switch.ReducedFp16, value); }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32 { get => Get(Switch.CudnnTf32); set => Set(Switch.CudnnTf32, value); }
        }
    }

    // As native/context.cpp numbers them.
    private enum Switch { Deterministic, DeterministicWarnOnly, Float32MatmulPrecision, InteropThreads, FlashAttention, MathAttention, MatmulTf32, ReducedFp16, CudnnTf32 }

    private static bool Get(Switch which) => Shim.shim_switch((int)which, -1) != 0;
    private static void Set(Switch which, bool on) => Shim.Checked(Shim.shim_switch((int)which, on ? 1 : 0));

    private sealed class Restored(Action restore) : IDisposable
    {
        private Action? restore = restore;
        public void Dispose() => Interlocked.Exchange(ref restore, null)?.Invoke();
    }
}
