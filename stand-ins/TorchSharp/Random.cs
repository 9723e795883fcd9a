using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers; its state can be saved and put back.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            if (this.device.type != DeviceType.CPU) throw new NotSupportedException("The system's libtorch has random generators on the CPU only.");
            handle = Shim.Checked(Shim.shim_new_generator(seed));
        }

        private Generator(nint handle) => (this.handle, device) = (handle, CPU);

        ~Generator() => Dispose(false);

        /// <summary>The generator used where none is given.</summary>
        public static Generator Default => new(Shim.Checked(Shim.shim_default_generator()));

        public IntPtr Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));
        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            Shim.Checked(Shim.shim_set_seed(Handle, (ulong)seed));
            return this;
        }

        /// <summary>Seeds from the system's entropy and returns the seed.</summary>
        public long seed() => (long)Shim.shim_random_seed(Handle);
        public long initial_seed() => (long)Shim.shim_initial_seed(Handle);

        /// <summary>The whole state, as bytes.</summary>
        public Tensor get_state() => new(Shim.Checked(Shim.shim_random_state(Handle)));

        public void set_state(Tensor value)
        {
            Shim.Checked(Shim.shim_set_random_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var owned = Interlocked.Exchange(ref handle, 0);
            if (owned != 0) Shim.shim_release_generator(owned);
        }
    }

    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long seed() => torch.seed();
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    public static long seed()
    {
        using var generator = Generator.Default;
        return generator.seed();
    }

    public static long initial_seed()
    {
        using var generator = Generator.Default;
        return generator.initial_seed();
    }

    public static Tensor get_rng_state()
    {
        using var generator = Generator.Default;
        return generator.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var generator = Generator.Default;
        generator.set_state(new_state);
    }
}
