using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace TorchSharp.Native;

/// <summary>Calls an ATen operator by its name in native_functions.yaml ("add.Tensor"); arguments left out take the schema's defaults.</summary>
internal static unsafe class Aten
{
    private const int MaxResults = 8;
    // Every name is a literal, which the runtime keeps one object of: the reference is the key.
    private static readonly ConcurrentDictionary<string, nint> Operators = new(ReferenceEqualityComparer.Instance);

    internal static torch.Tensor Tensor(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return Own(results[0]);
    }

    internal static (torch.Tensor, torch.Tensor) Two(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return (Own(results[0]), Own(results[1]));
    }

    internal static (torch.Tensor, torch.Tensor, torch.Tensor) Three(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return (Own(results[0]), Own(results[1]), Own(results[2]));
    }

    /// <summary>The first of several results; the others are let go.</summary>
    internal static torch.Tensor First(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        var count = Call(op, args, results);
        for (var i = 1; i < count; i++)
            if (results[i].Tag == Tag.Tensor && results[i].A != 0) Shim.shim_release((nint)results[i].A);
        return Own(results[0]);
    }

    internal static (torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor) Four(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return (Own(results[0]), Own(results[1]), Own(results[2]), Own(results[3]));
    }

    internal static torch.Tensor[] Many(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        var handles = (nint*)results[0].A;
        var tensors = new torch.Tensor[results[0].Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(handles[i]);
        Shim.shim_free_handles((nint)handles);
        return tensors;
    }

    /// <summary>Runs an operator that changes <paramref name="self"/> and returns it.</summary>
    internal static torch.Tensor InPlace(string op, torch.Tensor self, params ReadOnlySpan<Arg> args)
    {
        var room = new Arguments();
        Span<Arg> all = room;
        all[0] = self;
        args.CopyTo(all[1..]);
        Void(op, all[..(args.Length + 1)]);
        return self;
    }

    internal static void Void(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        var count = Call(op, args, results);
        for (var i = 0; i < count; i++)
            if (results[i].Tag == Tag.Tensor && results[i].A != 0) Shim.shim_release((nint)results[i].A);
    }

    internal static bool Bool(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return results[0].A != 0;
    }

    internal static long Long(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return results[0].A;
    }

    /// <summary>The number, boolean or complex number that an operator such as item() returns.</summary>
    internal static Scalar Number(string op, params ReadOnlySpan<Arg> args)
    {
        Value* results = stackalloc Value[MaxResults];
        Call(op, args, results);
        return results[0].Tag switch
        {
            Tag.Double => BitConverter.Int64BitsToDouble(results[0].A),
            Tag.Bool => results[0].A != 0,
            Tag.Complex => new System.Numerics.Complex(BitConverter.Int64BitsToDouble(results[0].A), BitConverter.Int64BitsToDouble(results[0].B)),
            _ => results[0].A,
        };
    }

    private static torch.Tensor Own(in Value v) => v.A == 0 ? null! : new torch.Tensor((nint)v.A, v.B);

    private static nint Operator(string op)
    {
        if (Operators.TryGetValue(op, out var handle)) return handle;
        var dot = op.IndexOf('.');
        var name = "aten::" + (dot < 0 ? op : op[..dot]);
        return Operators[op] = Shim.Checked(Shim.shim_operator(name, dot < 0 ? "" : op[(dot + 1)..]), name);
    }

    private static int Call(string op, ReadOnlySpan<Arg> args, Value* results)
    {
        var handle = Operator(op);
        Value* values = stackalloc Value[args.Length];
        // Lists are copied behind the values: eight bytes an element is room enough for each kind.
        long elements = 0;
        foreach (ref readonly var arg in args) elements += arg.Object is Array list ? list.Length : 0;
        long* lists = stackalloc long[checked((int)elements)];
        for (var i = 0; i < args.Length; i++) lists += Pack(in args[i], ref values[i], lists);
        var count = Shim.shim_call(handle, values, args.Length, results, MaxResults);
        foreach (ref readonly var arg in args) GC.KeepAlive(arg.Object);
        return count >= 0 ? count : throw Shim.Error("aten::" + op);
    }

    [InlineArray(16)]
    private struct Arguments
    {
        private Arg first;
    }

    private static int Pack(in Arg arg, ref Value value, long* room)
    {
        value = new Value { Tag = arg.Tag, A = arg.A, B = arg.B };
        switch (arg.Object)
        {
            case null: return 0;
            case torch.Tensor tensor: value.A = tensor.Handle; return 0;
            case torch.Generator generator: value.A = generator.Handle; return 0;
        }
        var list = (Array)arg.Object;
        value.Count = list.Length;
        value.A = (long)room;
        switch (list)
        {
            case long[] ints: ints.CopyTo(new Span<long>(room, ints.Length)); break;
            case double[] doubles: doubles.CopyTo(new Span<double>(room, doubles.Length)); break;
            case bool[] bools: bools.CopyTo(new Span<bool>(room, bools.Length)); break;
            case byte[] text: text.CopyTo(new Span<byte>(room, text.Length)); break;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) room[i] = tensors[i] is { } t ? t.Handle : 0;
                break;
        }
        return list.Length;
    }
}
