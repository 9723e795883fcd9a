using System.Reflection;
using System.Runtime.InteropServices;

namespace MedGan.Models.Training;

/// <summary>The C functions of native/allreduce.cpp. What can fail returns null or 0; the text is in <see cref="Error"/>.</summary>
internal static partial class ExchangeLibrary
{
    private const string Name = "medgan_allreduce";

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial Group exchange_connect(string host, int port, string local, int rank, int size, int connectMs, int operationMs);

    [LibraryImport(Name)] internal static partial int exchange_sum_floats(Group group, Span<float> values, long count);
    [LibraryImport(Name)] internal static partial int exchange_sum_doubles(Group group, Span<double> values, long count);
    [LibraryImport(Name)] internal static partial int exchange_broadcast(Group group, Span<byte> values, long count);
    [LibraryImport(Name)] private static partial nint exchange_error();
    [LibraryImport(Name)] private static partial void exchange_close(nint group);

    /// <summary>Why the thread's last call failed.</summary>
    internal static string Error => Marshal.PtrToStringUTF8(exchange_error()) ?? "";

    static ExchangeLibrary() => NativeLibrary.SetDllImportResolver(typeof(ExchangeLibrary).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Name) return 0;
        var path = Path.Combine(AppContext.BaseDirectory, $"lib{Name}.so");
        if (!File.Exists(path)) throw new DllNotFoundException($"{path} is missing: training on several machines needs a build with Stack=system.");
        return NativeLibrary.TryLoad(path, out var handle) ? handle
            : throw new DllNotFoundException($"{path} cannot be loaded; install what it needs with: apt-get install libtorch1.13 libgloo0");
    }

    /// <summary>A connected group; closed when nobody holds it any more.</summary>
    internal sealed class Group() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            exchange_close(handle);
            return true;
        }
    }
}
