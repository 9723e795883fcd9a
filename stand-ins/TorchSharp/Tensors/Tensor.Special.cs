using TorchSharp.Native;

namespace TorchSharp;

// Special functions.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor i0() => Aten.Tensor("i0", this);
        public Tensor igamma(Tensor other) => Aten.Tensor("igamma", this, other);
        public Tensor igammac(Tensor other) => Aten.Tensor("igammac", this, other);
        public Tensor mvlgamma(long p) => Aten.Tensor("mvlgamma", this, p);
        public Tensor mvlgamma_(long p) => Aten.InPlace("mvlgamma_", this, p);
        public Tensor polygamma(long p) => Aten.Tensor("polygamma", p, this);
        public Tensor polygamma_(long p) => Aten.InPlace("polygamma_", this, p);
        public Tensor logaddexp2(Tensor other) => Aten.Tensor("logaddexp2", this, other);
        public Tensor xlogy(Scalar y) => Aten.Tensor("xlogy.Scalar_Other", this, y);
        public Tensor xlogy_(Scalar y) => Aten.InPlace("xlogy_.Scalar_Other", this, y);
        public Tensor xlogy_(Tensor y) => Aten.InPlace("xlogy_.Tensor", this, y);
    }
}
