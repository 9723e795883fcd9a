using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What the forward of a function leaves for its backward.</summary>
        public sealed class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];
            private List<Tensor> saved = [];

            internal AutogradContext() { }

            /// <summary>Whether backward is given zeros where an output has no gradient, or null.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> Constant { get; private set; } = [];

            /// <summary>The native node while its backward runs.</summary>
            internal nint Node { get; set; }

            public void save_data(string key, object value) => data[key] = value;
            public object get_data(string key) => data[key];

            /// <summary>Keeps inputs or outputs until backward has run.</summary>
            public void save_for_backward(List<Tensor> tensors) => saved = tensors;

            public unsafe List<Tensor> get_saved_variables()
            {
                if (Node == 0) return saved;
                var count = Shim.shim_function_saved(Node, null);
                Shim.Checked(count);
                nint* handles = stackalloc nint[count];
                Shim.Checked(Shim.shim_function_saved(Node, handles));
                var tensors = new List<Tensor>(count);
                for (var i = 0; i < count; i++) tensors.Add(handles[i] == 0 ? null! : new Tensor(handles[i]));
                return tensors;
            }

            /// <summary>Names the inputs that forward changed in place.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = tensors;

            /// <summary>Names the outputs that have no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => Constant = tensors;

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>The graph has what it needs: let go of the tensors.</summary>
            internal List<Tensor> TakeSaved()
            {
                var taken = saved;
                (saved, Dirty, Constant) = ([], [], []);
                return taken;
            }

            public void Dispose() => data.Clear();
        }
    }
}
