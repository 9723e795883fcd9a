using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One use of a managed function. The native graph owns it, and calls it back for its gradients.</summary>
internal sealed class FunctionApplication(string name, Func<autograd.AutogradContext, List<Tensor>, List<Tensor>> differentiate)
{
    [ThreadStatic] private static Exception? failure;

    private readonly autograd.AutogradContext context = new();
    private bool[] isTensor = [];

    /// <summary>What the last backward of this thread threw, if that is why it failed.</summary>
    internal static Exception? TakeFailure(string message)
    {
        var taken = failure;
        failure = null;
        return taken is not null && message.Contains(taken.Message) ? taken : null;
    }

    internal unsafe List<Tensor> Run(Func<autograd.AutogradContext, object[], List<Tensor>> forward, object[] vars)
    {
        isTensor = vars.Select(v => v is Tensor).ToArray();
        var inputs = vars.OfType<Tensor>().ToList();
        List<Tensor> outputs;
        using (no_grad()) outputs = forward(context, vars);
        var (dirty, constant) = (context.Dirty, context.Constant);
        var saved = context.TakeSaved();

        nint* room = stackalloc nint[inputs.Count + 2 * outputs.Count + saved.Count + dirty.Count + constant.Count];
        var results = room;
        var next = room + outputs.Count;
        nint* Put(List<Tensor> tensors)
        {
            var first = next;
            foreach (var tensor in tensors) *next++ = tensor?.Handle ?? 0;
            return first;
        }
        var call = new FunctionCall
        {
            Inputs = Put(inputs),
            InputCount = inputs.Count,
            Outputs = Put(outputs),
            OutputCount = outputs.Count,
            Saved = Put(saved),
            SavedCount = saved.Count,
            Dirty = Put(dirty),
            DirtyCount = dirty.Count,
            Constant = Put(constant),
            ConstantCount = constant.Count,
            Materialize = context.MaterializeGrads ? 1 : 0,
        };
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        Shim.Checked(Shim.shim_function(name, &call, self, &Backward, &Release, results));
        GC.KeepAlive((inputs, saved, dirty, constant));
        return outputs.Select((output, i) => Result(output, results[i], inputs)).ToList();
    }

    // Most results are what forward made; an input that forward returned comes back as a view of itself.
    private static Tensor Result(Tensor output, nint handle, List<Tensor> inputs)
    {
        if (handle == output.Handle)
        {
            Shim.shim_release(handle);
            return output;
        }
        if (!inputs.Any(input => ReferenceEquals(input, output))) output.Dispose();
        return new Tensor(handle);
    }

    [UnmanagedCallersOnly]
    private static unsafe int Backward(nint managed, nint node, nint* gradients, int count, nint* results, int inputs)
    {
        try
        {
            using var scope = NewDisposeScope();
            var given = new List<Tensor>(count);
            for (var i = 0; i < count; i++) given.Add(gradients[i] == 0 ? null! : new Tensor(gradients[i]));
            var self = (FunctionApplication)GCHandle.FromIntPtr(managed).Target!;
            self.Differentiate(node, given, new Span<nint>(results, inputs));
            return 0;
        }
        catch (Exception e)
        {
            failure = e;
            Shim.shim_fail(e.Message);
            return -1;
        }
    }

    private void Differentiate(nint node, List<Tensor> gradients, Span<nint> results)
    {
        List<Tensor> found;
        context.Node = node;
        try
        {
            found = differentiate(context, gradients);
        }
        finally
        {
            context.Node = 0;
        }
        if (found.Count < isTensor.Length || found.Skip(isTensor.Length).Any(g => g is not null))
            throw new InvalidOperationException($"function {name} returned an incorrect number of gradients (expected {isTensor.Length}, got {found.Count})");
        for (var i = 0; i < isTensor.Length; i++)
            if (!isTensor[i] && found[i] is not null)
                throw new InvalidOperationException($"function {name} returned a gradient at position {i + 1}, but the corresponding forward input was not a tensor");
        var at = 0;
        for (var i = 0; i < isTensor.Length; i++)
            if (isTensor[i]) results[at++] = found[i] is { } gradient ? Shim.shim_alias(gradient.Handle) : 0;
    }

    [UnmanagedCallersOnly]
    private static void Release(nint managed)
    {
        var handle = GCHandle.FromIntPtr(managed);
        ((FunctionApplication)handle.Target!).context.Dispose();
        handle.Free();
    }
}
