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
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.Tensor("elu", this, alpha, scale, input_scale);
        public Tensor elu_(double alpha = 1) => Aten.InPlace("elu_", this, alpha);
        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => Aten.InPlace("elu_", this, alpha, scale, input_scale);
        public Tensor celu() => Aten.Tensor("celu", this);
        public Tensor celu(Scalar alpha) => Aten.Tensor("celu", this, alpha);
        public Tensor celu_() => Aten.InPlace("celu_", this);
        public Tensor celu_(Scalar alpha) => Aten.InPlace("celu_", this, alpha);
        public Tensor relu6_() => Aten.InPlace("relu6_", this);
        public Tensor gelu_() => Aten.InPlace("gelu_", this);
        public Tensor selu_() => Aten.InPlace("selu_", this);
        public Tensor hardtanh_(Scalar min, Scalar max) => Aten.InPlace("hardtanh_", this, min, max);
        public Tensor hardsigmoid_() => Aten.InPlace("hardsigmoid_", this);
        public Tensor hardswish_() => Aten.InPlace("hardswish_", this);
        public Tensor threshold(Scalar threshold, Scalar value) => Aten.Tensor("threshold", this, threshold, value);
        public Tensor threshold_(Scalar threshold, Scalar value) => Aten.InPlace("threshold_", this, threshold, value);
        public Tensor rrelu(double lower = 0.125, double upper = 0.3333333333333333) => Aten.Tensor("rrelu", this, lower, upper);
        public Tensor rrelu_(double lower = 0.125, double upper = 0.3333333333333333) => Aten.InPlace("rrelu_", this, lower, upper);
    }
}
