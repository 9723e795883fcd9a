using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The C functions of native/*.cpp. Everything that can fail says so by its result; the text is in <see cref="shim_error"/>.</summary>
internal static unsafe partial class Shim
{
    internal const string Library = "torchsharp_shim";

    [LibraryImport(Library)] internal static partial nint shim_error();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint shim_operator(string name, string overload);
    [LibraryImport(Library)] internal static partial int shim_call(nint op, Value* arguments, int count, Value* results, int capacity);
    [LibraryImport(Library)] internal static partial void shim_free_handles(nint handles);

    [LibraryImport(Library)] internal static partial void shim_release(nint tensor);
    [LibraryImport(Library)] internal static partial nint shim_alias(nint tensor);
    [LibraryImport(Library)] internal static partial int shim_describe(nint tensor, long* result);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long shim_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void shim_sizes(nint tensor, long* result);
    [LibraryImport(Library)] internal static partial int shim_strides(nint tensor, long* result);
    [LibraryImport(Library)] internal static partial nint shim_data(nint tensor);
    [LibraryImport(Library)] internal static partial long shim_own_bytes(nint tensor);
    [LibraryImport(Library)] internal static partial nint shim_from_memory(void* data, long bytes, long* sizes, int dims, int dtype);

    [LibraryImport(Library)] internal static partial int shim_set_requires_grad(nint tensor, int on);
    [LibraryImport(Library)] internal static partial nint shim_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int shim_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int shim_set_data(nint tensor, nint data);
    [LibraryImport(Library)]
    internal static partial int shim_backward(nint* tensors, int count, nint* gradients, int gradientCount, int keep, int create, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int shim_gradients(nint* outputs, int count, nint* inputs, int inputCount, nint* gradients, int gradientCount,
        int keep, int create, int unused, nint* results);

    [LibraryImport(Library), SuppressGCTransition] internal static partial int shim_grad_mode();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void shim_set_grad_mode(int on);
    [LibraryImport(Library)] internal static partial int shim_is_inference();
    [LibraryImport(Library)] internal static partial nint shim_enter_inference(int on);
    [LibraryImport(Library)] internal static partial void shim_leave_inference(nint guard);
    [LibraryImport(Library)] internal static partial int shim_num_threads();
    [LibraryImport(Library)] internal static partial int shim_set_num_threads(int count);

    [LibraryImport(Library)] internal static partial nint shim_default_generator();
    [LibraryImport(Library)] internal static partial nint shim_new_generator(ulong seed);
    [LibraryImport(Library)] internal static partial void shim_release_generator(nint generator);
    [LibraryImport(Library)] internal static partial int shim_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong shim_random_seed(nint generator);
    [LibraryImport(Library)] internal static partial ulong shim_initial_seed(nint generator);
    [LibraryImport(Library)] internal static partial nint shim_random_state(nint generator);
    [LibraryImport(Library)] internal static partial int shim_set_random_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial long shim_storage_offset(nint tensor);
    [LibraryImport(Library)] internal static partial int shim_switch(int which, int value);
    [LibraryImport(Library)]
    internal static partial nint shim_over_memory(void* data, long count, int dtype, delegate* unmanaged<nint, void> release, nint owner);

    [LibraryImport(Library)] internal static partial nint shim_conv_transpose2d(nint input, nint weight, nint bias, long* parameters, long groups);
    [LibraryImport(Library)] internal static partial int shim_convolution_block(nint input, nint weight, nint bias, Modules.ConvolutionBlock* block, nint* result);
    [LibraryImport(Library)] internal static partial int shim_adam(nint parameter, nint gradient, nint mean, nint variance, AdamStep* step);

    /// <summary>Turns the thread's last native error into the exception that TorchSharp throws: libtorch's text, and what was called.</summary>
    internal static Exception Error([CallerMemberName] string called = "")
    {
        var message = Marshal.PtrToStringUTF8(shim_error())!;
        return new ExternalException($"{message} (in {called})", FunctionApplication.TakeFailure(message));
    }

    internal static nint Checked(nint handle, [CallerMemberName] string caller = "") => handle != 0 ? handle : throw Error(caller);
    internal static void Checked(int status, [CallerMemberName] string caller = "")
    {
        if (status < 0) throw Error(caller);
    }
    internal static long Checked(long value, [CallerMemberName] string caller = "") => value >= 0 ? value : throw Error(caller);
}

/// <summary>One argument or result of an operator, as native/shim.h lays it out.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal struct Value
{
    internal Tag Tag;
    internal int Count;
    internal long A;
    internal long B;
}

internal enum Tag { None, Tensor, Int, Double, Bool, Complex, Ints, Doubles, Bools, Tensors, String, Device, Generator }

/// <summary>The constants of one Adam step (native/training.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AdamStep
{
    internal double Beta1, Beta2, Epsilon, WeightDecay, DecoupledDecay, StepSize, RootCorrection2;
}
