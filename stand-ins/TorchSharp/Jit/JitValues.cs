using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Arguments and results of TorchScript: each value, and what it contains behind it.</summary>
internal sealed unsafe class JitValues : IDisposable
{
    private const Tag Tuple = (Tag)100, List = (Tag)101;

    private readonly List<Value> values = [];
    private readonly List<nint> texts = [];
    private readonly int count;
    private readonly object?[] arguments;

    internal JitValues(object?[] arguments)
    {
        (this.arguments, count) = (arguments, arguments.Length);
        foreach (var argument in arguments) Put(argument);
    }

    internal delegate JitReply* Call(Value* values, int count);

    internal object? Invoke(Call call)
    {
        JitReply* reply;
        fixed (Value* first = CollectionsMarshal.AsSpan(values)) reply = call(first, count);
        GC.KeepAlive(arguments);
        if (reply is null) throw Shim.Error();
        var at = reply->Values;
        var result = Take(ref at);
        Shim.shim_jit_free_reply(reply);
        return result;
    }

    public void Dispose() => texts.ForEach(Marshal.FreeCoTaskMem);

    private void Put(object? value)
    {
        switch (value)
        {
            case null: Add(Tag.None); break;
            case torch.Tensor tensor: Add(Tag.Tensor, tensor.Handle); break;
            case bool choice: Add(Tag.Bool, choice ? 1 : 0); break;
            case string text:
                texts.Add(Marshal.StringToCoTaskMemUTF8(text));
                Add(Tag.String, texts[^1], System.Text.Encoding.UTF8.GetByteCount(text));
                break;
            case double or float or Half: Number(Convert.ToDouble(value)); break;
            case long or int or short or sbyte or byte: Add(Tag.Int, Convert.ToInt64(value)); break;
            case Scalar scalar when torch.is_floating_point(scalar.Type): Number(scalar.ToDouble()); break;
            case Scalar scalar: Add(Tag.Int, scalar.ToInt64()); break;
            case ITuple tuple:
                Add(Tuple, 0, tuple.Length);
                for (var i = 0; i < tuple.Length; i++) Put(tuple[i]);
                break;
            case System.Collections.IEnumerable list:
                var elements = list.Cast<object?>().ToList();
                Add(List, 0, elements.Count);
                elements.ForEach(Put);
                break;
            default: throw new ArgumentException($"A {value.GetType().Name} cannot be given to TorchScript.");
        }
    }

    private void Add(Tag tag, long payload = 0, int length = 0) => values.Add(new Value { Tag = tag, A = payload, Count = length });
    private void Number(double value) => Add(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    private static object? Take(ref Value* at)
    {
        var value = *at++;
        switch (value.Tag)
        {
            case Tag.None: return null;
            case Tag.Tensor: return value.A == 0 ? null : new torch.Tensor((nint)value.A);
            case Tag.Int: return (Scalar)value.A;
            case Tag.Double: return (Scalar)BitConverter.Int64BitsToDouble(value.A);
            case Tag.Bool: return (Scalar)(value.A != 0);
            case Tag.String: return Marshal.PtrToStringUTF8((nint)value.A, value.Count);
        }
        var elements = new object?[value.Count];
        for (var i = 0; i < elements.Length; i++) elements[i] = Take(ref at);
        if (!elements.All(element => element is torch.Tensor)) return elements;
        var tensors = elements.Cast<torch.Tensor>().ToArray();
        return value.Tag == List ? tensors : tensors switch
        {
            [var a] => a,
            [var a, var b] => (a, b),
            [var a, var b, var c] => (a, b, c),
            [var a, var b, var c, var d] => (a, b, c, d),
            [var a, var b, var c, var d, var e] => (a, b, c, d, e),
            _ => tensors,
        };
    }
}
