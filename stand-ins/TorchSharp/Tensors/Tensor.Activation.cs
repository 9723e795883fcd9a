using TorchSharp.Native;

namespace TorchSharp;

// Activations.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Aten.Tensor("relu", this);
        public Tensor relu_() => Aten.InPlace("relu_", this);
        public Tensor relu6() => Aten.Tensor("relu6", this);
        public Tensor leaky_relu(Scalar negative_slope) => Aten.Tensor("leaky_relu", this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Aten.InPlace("leaky_relu_", this, negative_slope);
        public Tensor elu(double alpha = 1) => Aten.Tensor("elu", this, alpha);
        public Tensor silu() => Aten.Tensor("silu", this);
        public Tensor silu_() => Aten.InPlace("silu_", this);
        public Tensor gelu() => Aten.Tensor("gelu", this);
        public Tensor selu() => Aten.Tensor("selu", this);
        public Tensor softplus(double beta = 1, double threshold = 20) => Aten.Tensor("softplus", this, beta, threshold);
        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Tensor("softmax.int", this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.Tensor("log_softmax.int", this, dim, dtype);
        public Tensor log_sigmoid() => Aten.Tensor("log_sigmoid", this);
        public Tensor hardtanh(Scalar min, Scalar max) => Aten.Tensor("hardtanh", this, min, max);
        public Tensor hardsigmoid() => Aten.Tensor("hardsigmoid", this);
        public Tensor hardswish() => Aten.Tensor("hardswish", this);
        public Tensor glu(long dim = -1) => Aten.Tensor("glu", this, dim);
        public Tensor prelu(Tensor target) => Aten.Tensor("prelu", this, target);
    }
}
