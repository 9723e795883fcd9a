using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public interface IModule<in T, out TResult>
        {
            TResult call(T input1);
        }

        public interface IModule<in T1, in T2, out TResult>
        {
            TResult call(T1 input1, T2 input2);
        }

        /// <summary>What modules with hooks have in common.</summary>
        public abstract class HookableModule<TPreHook, TPostHook> : Module
        {
            protected HookableModule(string name) : base(name) { }

            private protected readonly List<(string Key, TPreHook Hook)> before = [];
            private protected readonly List<(string Key, TPostHook Hook)> after = [];

            internal bool HasHooks => before.Count + after.Count > 0;

            /// <summary>Runs before forward and may replace its input.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook)
            {
                before.Add((Guid.NewGuid().ToString(), hook));
                return new(this, before[^1].Key);
            }

            /// <summary>Runs after forward and may replace its result.</summary>
            public HookRemover register_forward_hook(TPostHook hook)
            {
                after.Add((Guid.NewGuid().ToString(), hook));
                return new(this, after[^1].Key);
            }

            internal void RemoveHook(string key)
            {
                before.RemoveAll(h => h.Key == key);
                after.RemoveAll(h => h.Key == key);
            }

            /// <summary>Takes a hook out again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> module;
                private readonly string key;

                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key) => (this.module, this.key) = (module, key);

                public void remove() => module.RemoveHook(key);
            }
        }

        /// <summary>A module with one input.</summary>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T input);

            /// <summary>forward, with the hooks.</summary>
            public TResult call(T input)
            {
                foreach (var (_, hook) in before) input = hook(this, input) ?? input;
                var result = forward(input);
                foreach (var (_, hook) in after) result = hook(this, input, result) ?? result;
                return result;
            }
        }

        /// <summary>A module with two inputs.</summary>
        public abstract class Module<T1, T2, TResult> :
            HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>, IModule<T1, T2, TResult>
        {
            protected Module(string name) : base(name) { }

            public abstract TResult forward(T1 input1, T2 input2);

            public TResult call(T1 input1, T2 input2)
            {
                foreach (var (_, hook) in before)
                    if (hook(this, input1, input2) is { } replaced) (input1, input2) = replaced;
                var result = forward(input1, input2);
                foreach (var (_, hook) in after) result = hook(this, input1, input2, result) ?? result;
                return result;
            }
        }
    }
}
