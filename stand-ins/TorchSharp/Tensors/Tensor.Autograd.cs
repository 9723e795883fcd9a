using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Read(Fact.RequiresGrad) != 0;
            set
            {
                Shim.Checked(Shim.shim_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Aten.Void("retain_grad", this);

        /// <summary>The gradient that backward() has added up here; null before.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Shim.shim_grad(Handle);
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Shim.Checked(Shim.shim_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>Gradients of this scalar with respect to every leaf that it depends on.</summary>
        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);
    }

    public static partial class autograd
    {
        /// <summary>The sum of gradients of <paramref name="outputs"/> with respect to <paramref name="inputs"/>.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint* o = stackalloc nint[outputs.Count], i = stackalloc nint[inputs.Count], g = stackalloc nint[grad_outputs?.Count ?? 0], r = stackalloc nint[inputs.Count];
            Shim.Checked(Shim.shim_gradients(o, Pack(outputs, o), i, Pack(inputs, i), g, Pack(grad_outputs, g),
                retain_graph || create_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            var gradients = new Tensor[inputs.Count];
            for (var k = 0; k < gradients.Length; k++) gradients[k] = r[k] == 0 ? null! : new Tensor(r[k]);
            return gradients;
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint* t = stackalloc nint[tensors.Count], g = stackalloc nint[grad_tensors?.Count ?? 0], i = stackalloc nint[inputs?.Count ?? 0];
            Shim.Checked(Shim.shim_backward(t, Pack(tensors, t), g, Pack(grad_tensors, g), retain_graph is { } keep ? (keep ? 1 : 0) : -1,
                create_graph ? 1 : 0, i, Pack(inputs, i)));
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static unsafe int Pack(IList<Tensor>? tensors, nint* handles)
        {
            for (var k = 0; k < (tensors?.Count ?? 0); k++) handles[k] = tensors![k].Handle;
            return tensors?.Count ?? 0;
        }
    }
}
