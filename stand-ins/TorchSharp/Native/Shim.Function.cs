using System.Runtime.InteropServices;

namespace TorchSharp.Native;

// native/function.cpp
internal static unsafe partial class Shim
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial void shim_fail(string message);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int shim_function(string name, FunctionCall* call, nint managed,
        delegate* unmanaged<nint, nint, nint*, int, nint*, int, int> backward, delegate* unmanaged<nint, void> release, nint* results);
    [LibraryImport(Library)] internal static partial int shim_function_saved(nint node, nint* results);

    [LibraryImport(Library)] internal static partial void shim_set_anomaly_mode(int on, int checkNan);
    [LibraryImport(Library)] internal static partial int shim_anomaly_mode();
    [LibraryImport(Library)] internal static partial int shim_anomaly_checks_nan();
}

/// <summary>What the forward half of a managed function took and gave.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionCall
{
    internal nint* Inputs, Outputs, Saved, Dirty, Constant;
    internal int InputCount, OutputCount, SavedCount, DirtyCount, ConstantCount, Materialize;
}
