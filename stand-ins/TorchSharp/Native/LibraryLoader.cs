using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds the shim, with the fast BLAS in place before libtorch asks for one.</summary>
internal static partial class LibraryLoader
{
    private static readonly Lock Gate = new();
    private static nint loaded;

    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Shim.Library) return 0;
        lock (Gate)
        {
            if (loaded == 0) loaded = Load();
            return loaded;
        }
    }

    private static nint Load()
    {
        // A forced core type, which containers set to be safe, halves OpenBLAS' speed; it is read once, when OpenBLAS loads.
        Unset("OPENBLAS_CORETYPE");
        // Threads that spin for long make a shared machine ten times slower, threads that sleep at once make small layers 1.6 times
        // slower: spin shortly, then sleep. A setting made outside is left as it is.
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null) Set("GOMP_SPINCOUNT", "20000", 0);
        // The C library gives large blocks back to the system at once, and taking them again costs a page fault for every 4 KB: an eighth of a
        // training step. Blocks of up to 32 MB, the most that it allows, stay in the process, and up to 512 MB of free memory at the heap's end.
        SetAllocator(MmapThreshold, 32 << 20);
        SetAllocator(TrimThreshold, 512 << 20);
        var folder = $"/usr/lib/{Triplet}/openblas-openmp/";
        NativeLibrary.TryLoad(folder + "libblas.so.3", out _);
        NativeLibrary.TryLoad(folder + "liblapack.so.3", out _);

        var shim = Path.Combine(AppContext.BaseDirectory, "libtorchsharp_shim.so");
        if (!File.Exists(shim)) throw new DllNotFoundException($"{shim} is missing; build the project again with g++ and libtorch-dev installed.");
        if (!NativeLibrary.TryLoad(shim, out var handle))
            throw new DllNotFoundException("libtorch cannot be loaded; install it with: apt-get install libtorch1.13 libopenblas0-openmp");
        var setThreads = NativeLibrary.GetExport(handle, "shim_set_num_threads");
        unsafe { ((delegate* unmanaged<int, int>)setThreads)(Environment.ProcessorCount); }
        return handle;
    }

    private const int TrimThreshold = -1, MmapThreshold = -3;

    private static string Triplet => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetAllocator(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}
