namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns. It takes over the tensor it is made from.</summary>
    public class Parameter : torch.Tensor
    {
        public Parameter(torch.Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad) { }

        private Parameter(torch.Tensor data, DisposeScope? owner, bool requires_grad) : base(data.with_requires_grad(requires_grad).DecoupleFromNativeHandle())
        {
            // It belongs where its data belonged, be that a scope or nowhere.
            if (OwningDisposeScope == owner) return;
            if (owner is null) DetachFromDisposeScope();
            else MoveToOtherDisposeScope(owner);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }

    public static partial class TensorExtensionMethods
    {
        public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor, tensor.requires_grad);
    }
}
