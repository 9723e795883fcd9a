using System.Runtime.InteropServices;

namespace TorchSharp.Native;

// native/jit.cpp
internal static unsafe partial class Shim
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint shim_jit_load(string path, int device, int index);
    [LibraryImport(Library)] internal static partial nint shim_jit_load_bytes(byte* bytes, long count, int device, int index);
    [LibraryImport(Library)] internal static partial void shim_jit_free(nint module);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int shim_jit_save(nint module, string path);
    [LibraryImport(Library)] internal static partial int shim_jit_train(nint module, int on);
    [LibraryImport(Library)] internal static partial int shim_jit_is_training(nint module);
    [LibraryImport(Library)] internal static partial int shim_jit_tensors(nint module, int kind, int recurse, delegate* unmanaged<nint, nint, nint, void> visit, nint context);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int shim_jit_set_attribute(nint module, string name, nint tensor);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial JitReply* shim_jit_invoke(nint module, string method, Value* values, int count);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int shim_jit_schema(nint module, string method, out int inputs, out int outputs);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint shim_jit_compile(string script);
    [LibraryImport(Library)] internal static partial void shim_jit_free_unit(nint unit);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial JitReply* shim_jit_invoke_unit(nint unit, string function, Value* values, int count);
    [LibraryImport(Library)] internal static partial void shim_jit_free_reply(JitReply* reply);
}

/// <summary>What a TorchScript function returned: a value, and what it contains behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JitReply
{
    internal Value* Values;
    internal int Count;
}
