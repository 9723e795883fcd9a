using TorchSharp.Native;

namespace TorchSharp;

// Parts of complex numbers, and transposes that conjugate.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor real => Aten.Tensor("real", this);
        public Tensor imag => Aten.Tensor("imag", this);
        public Tensor conj_physical() => Aten.Tensor("conj_physical", this);
        public Tensor conj_physical_() => Aten.InPlace("conj_physical_", this);
        public Tensor resolve_conj() => Aten.Tensor("resolve_conj", this);
        public Tensor resolve_neg() => Aten.Tensor("resolve_neg", this);
        public bool is_conj() => Aten.Bool("is_conj", this);
        public bool is_neg() => Aten.Bool("is_neg", this);
        public Tensor adjoint() => Aten.Tensor("adjoint", this);
        public Tensor T => Aten.Tensor("numpy_T", this);
        public Tensor H => Aten.Tensor("matrix_H", this);
        public Tensor mT => Aten.Tensor("mT", this);
        public Tensor mH => Aten.Tensor("mH", this);
    }
}
