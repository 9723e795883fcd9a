using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            // An activation in place gives a second object for the same tensor, as TorchSharp does.
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();
            public static Tensor relu6(Tensor x, bool inplace = false) => inplace ? Aten.InPlace("relu6_", x).alias() : x.relu6();
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? input.leaky_relu_(negative_slope).alias() : input.leaky_relu(negative_slope);
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? Aten.InPlace("elu_", x, alpha).alias() : x.elu(alpha);
            public static Tensor selu(Tensor x, bool inplace = false) => inplace ? Aten.InPlace("selu_", x).alias() : x.selu();
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();
            public static Tensor mish(Tensor x, bool inplace = false) => inplace ? Aten.InPlace("mish_", x).alias() : Aten.Tensor("mish", x);
            public static Tensor gelu(Tensor x) => x.gelu();
            public static Tensor gelu(Tensor x, bool inplace) => inplace ? Aten.InPlace("gelu_", x).alias() : x.gelu();
            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);
            public static Tensor logsigmoid(Tensor x) => x.log_sigmoid();
            public static Tensor glu(Tensor input, long dim = -1) => input.glu(dim);
            public static Tensor prelu(Tensor input, Tensor weight) => input.prelu(weight);
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) =>
                inplace ? Aten.InPlace("hardtanh_", x, min_val, max_val).alias() : x.hardtanh(min_val, max_val);
            public static Tensor Hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => hardtanh(x, min_val, max_val, inplace);
            public static Tensor Mish(Tensor x) => mish(x);
            public static Tensor SiLU(Tensor x, bool inplace = false) => silu(x, inplace);
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => inplace ? Aten.InPlace("celu_", x, alpha).alias() : Aten.Tensor("celu", x, alpha);
            public static Tensor hardswish(Tensor input, bool inplace = false) => inplace ? Aten.InPlace("hardswish_", input).alias() : Aten.Tensor("hardswish", input);
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Aten.Tensor("hardshrink", x, lambda);
            public static Tensor Hardshrink(Tensor x, double lambda = 0.5) => hardshrink(x, lambda);
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Aten.Tensor("softshrink", x, lambda);
            public static Tensor Softshrink(Tensor x, double lambda = 0.5) => softshrink(x, lambda);
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                inplace ? Aten.InPlace("threshold_", x, threshold, value).alias() : Aten.Tensor("threshold", x, threshold, value);
            public static Tensor Threshold(Tensor x, double threshold, double value, bool inplace = false) => functional.threshold(x, threshold, value, inplace);

            /// <summary>Without the random slopes of training: the mean of the two bounds.</summary>
            public static Tensor rrelu(Tensor x, double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false) => rrelu(x, lower, upper, inplace, false);
            internal static Tensor rrelu(Tensor x, double lower, double upper, bool inplace, bool training) =>
                inplace ? Aten.InPlace("rrelu_", x, lower, upper, training).alias() : Aten.Tensor("rrelu", x, lower, upper, training);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = x.neg();
                return negative.softmax(dim);
            }

            /// <summary>Over the channels of [N,C,H,W] or [C,H,W].</summary>
            public static Tensor softmax2d(Tensor x) => x.softmax(-3);

            public static Tensor Softsign(Tensor x) => softsign(x);
            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var magnitude = x.abs();
                using var divisor = magnitude.add(1);
                return inplace ? x.div_(divisor).alias() : x.div(divisor);
            }

            public static Tensor Tanhshrink(Tensor x) => tanhshrink(x);
            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using var tanh = x.tanh();
                return inplace ? x.sub_(tanh).alias() : x.sub(tanh);
            }

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => inplace ? Aten.InPlace("hardsigmoid_", input).alias() : input.hardsigmoid();
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                using var scope = NewDisposeScope();
                var scores = query.matmul(key.transpose(-2, -1)).div(Math.Sqrt(query.size(-1)));
                if (is_casual) scores = scores.masked_fill(ones((long[])[query.size(-2), key.size(-2)], ScalarType.Bool).tril().logical_not(), double.NegativeInfinity);
                if (attn_mask is not null) scores = attn_mask.dtype == ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity) : scores.add(attn_mask);
                return dropout(scores.softmax(-1), p).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
