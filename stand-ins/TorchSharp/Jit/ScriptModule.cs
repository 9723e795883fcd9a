using System.Runtime.InteropServices;
using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class jit
    {
        /// <summary>A module written in TorchScript. Its parameters and buffers are those of the script, under its names.</summary>
        public class ScriptModule : nn.Module
        {
            private nint module;

            internal unsafe ScriptModule(nint module) : base(nameof(ScriptModule))
            {
                this.module = module;
                foreach (var (name, tensor) in Tensors(0, true)) _internal_params.Add(name, new Parameter(tensor.DetachFromDisposeScope(), tensor.requires_grad));
                foreach (var (name, tensor) in Tensors(1, true)) _internal_buffers.Add(name, (tensor.DetachFromDisposeScope(), true));
            }

            ~ScriptModule() => Free();

            private nint Handle => module != 0 ? module : throw new ObjectDisposedException(nameof(ScriptModule));

            public override bool training => Shim.shim_jit_is_training(Handle) > 0;
            public override void train(bool train = true) => Shim.Checked(Shim.shim_jit_train(Handle, train ? 1 : 0));

            /// <summary>The number of arguments of forward.</summary>
            public int GetNumberOfInputs() => Schema().inputs;
            public int GetNumberOfOutputs() => Schema().outputs;

            public object forward(params object[] input) => Invoke("forward", input)!;
            public object call(params object[] input) => forward(input);

            /// <summary>Calls another method of the script.</summary>
            public object invoke(string name, params object[] objs) => Invoke(name, objs)!;
            public TResult invoke<TResult>(string name, params object[] inputs) => (TResult)Invoke(name, inputs)!;
            public TResult invoke<T, TResult>(string name, params T[] inputs) => (TResult)Invoke(name, inputs.Cast<object?>().ToArray())!;

            public (string, Tensor)[] named_attributes(bool recurse = true) => Tensors(2, recurse).ToArray();

            public void set_attribute(string name, Tensor buffer)
            {
                Shim.Checked(Shim.shim_jit_set_attribute(Handle, name, buffer.Handle));
                GC.KeepAlive(buffer);
            }

            internal void Save(string location) => Shim.Checked(Shim.shim_jit_save(Handle, location));

            internal unsafe object? Invoke(string method, object?[] arguments)
            {
                using var values = new JitValues(arguments);
                var result = values.Invoke((first, count) => Shim.shim_jit_invoke(Handle, method, first, count));
                GC.KeepAlive(this);
                return result;
            }

            private (int inputs, int outputs) Schema()
            {
                Shim.Checked(Shim.shim_jit_schema(Handle, "forward", out var inputs, out var outputs));
                return (inputs, outputs);
            }

            private unsafe List<(string, Tensor)> Tensors(int kind, bool recurse)
            {
                var found = new List<(string, Tensor)>();
                var context = GCHandle.Alloc(found);
                try
                {
                    Shim.Checked(Shim.shim_jit_tensors(Handle, kind, recurse ? 1 : 0, &Visit, GCHandle.ToIntPtr(context)));
                }
                finally
                {
                    context.Free();
                }
                return found;
            }

            [UnmanagedCallersOnly]
            private static void Visit(nint context, nint name, nint tensor) =>
                ((List<(string, Tensor)>)GCHandle.FromIntPtr(context).Target!).Add((Marshal.PtrToStringUTF8(name)!, new Tensor(tensor)));

            protected override void RegisterComponents() { }

            protected override void Dispose(bool disposing)
            {
                base.Dispose(disposing);
                Free();
            }

            private void Free()
            {
                var owned = Interlocked.Exchange(ref module, 0);
                if (owned != 0) Shim.shim_jit_free(owned);
            }
        }

        /// <summary>A script module whose hooks see its arguments.</summary>
        public class HookableScriptModule<TPreHook, TPostHook> : ScriptModule
        {
            protected Dictionary<string, TPreHook> pre_hooks = [];
            protected Dictionary<string, TPostHook> post_hooks = [];

            internal HookableScriptModule(nint module) : base(module) { }

            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre_hooks, hook);
            public HookRemover register_forward_hook(TPostHook hook) => Register(post_hooks, hook);

            private HookRemover Register<THook>(Dictionary<string, THook> hooks, THook hook)
            {
                var key = Guid.NewGuid().ToString();
                hooks.Add(key, hook);
                return new(this, key);
            }

            internal void RemoveHook(string key)
            {
                pre_hooks.Remove(key);
                post_hooks.Remove(key);
            }

            /// <summary>Takes a hook out again.</summary>
            public class HookRemover
            {
                private readonly HookableScriptModule<TPreHook, TPostHook> module;
                private readonly string key;

                public HookRemover(HookableScriptModule<TPreHook, TPostHook> module, string key) => (this.module, this.key) = (module, key);

                public void remove() => module.RemoveHook(key);
            }
        }

        /// <summary>A script module of any number of tensors.</summary>
        public sealed class ScriptModule<TResult> : HookableScriptModule<Func<ScriptModule<TResult>, Tensor[], Tensor[]>, Func<ScriptModule<TResult>, Tensor[], TResult, TResult>>
        {
            internal ScriptModule(nint module) : base(module) { }

            public TResult forward(params Tensor[] tensor) => (TResult)Invoke("forward", tensor)!;

            public TResult call(params Tensor[] input)
            {
                foreach (var hook in pre_hooks.Values) input = hook(this, input) ?? input;
                var result = forward(input);
                foreach (var hook in post_hooks.Values) result = hook(this, input, result) ?? result;
                return result;
            }
        }

        /// <summary>A script module with one argument.</summary>
        public sealed class ScriptModule<T, TResult> : HookableScriptModule<Func<ScriptModule<T, TResult>, T, T>, Func<ScriptModule<T, TResult>, T, TResult, TResult>>, nn.IModule<T, TResult>
        {
            internal ScriptModule(nint module) : base(module) { }

            public TResult forward(T tensor) => (TResult)Invoke("forward", [tensor])!;

            public TResult call(T input)
            {
                foreach (var hook in pre_hooks.Values) input = hook(this, input) ?? input;
                var result = forward(input);
                foreach (var hook in post_hooks.Values) result = hook(this, input, result) ?? result;
                return result;
            }
        }

        /// <summary>A script module with two arguments.</summary>
        public sealed class ScriptModule<T1, T2, TResult> :
            HookableScriptModule<Func<ScriptModule<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<ScriptModule<T1, T2, TResult>, T1, T2, TResult, TResult>>, nn.IModule<T1, T2, TResult>
        {
            internal ScriptModule(nint module) : base(module) { }

            public TResult forward(T1 input1, T2 input2) => (TResult)Invoke("forward", [input1, input2])!;

            public TResult call(T1 input1, T2 input2)
            {
                foreach (var hook in pre_hooks.Values)
                    if (hook(this, input1, input2) is { } replaced) (input1, input2) = replaced;
                var result = forward(input1, input2);
                foreach (var hook in post_hooks.Values) result = hook(this, input1, input2, result) ?? result;
                return result;
            }
        }

        /// <summary>Functions compiled from TorchScript's text.</summary>
        public class CompilationUnit : IDisposable
        {
            private nint unit;

            internal CompilationUnit(string script) => unit = Shim.Checked(Shim.shim_jit_compile(script));

            ~CompilationUnit() => Dispose(false);

            public object invoke(string name, params object[] objs) => Invoke(name, objs)!;
            public TResult invoke<TResult>(string name, params object[] inputs) => (TResult)Invoke(name, inputs)!;
            public TResult invoke<T, TResult>(string name, params T[] inputs) => (TResult)Invoke(name, inputs.Cast<object?>().ToArray())!;

            private unsafe object? Invoke(string name, object?[] arguments)
            {
                ObjectDisposedException.ThrowIf(unit == 0, this);
                using var values = new JitValues(arguments);
                var result = values.Invoke((first, count) => Shim.shim_jit_invoke_unit(unit, name, first, count));
                GC.KeepAlive(this);
                return result;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                var owned = Interlocked.Exchange(ref unit, 0);
                if (owned != 0) Shim.shim_jit_free_unit(owned);
            }
        }
    }
}
