using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Weight and bias of a convolution that does what the convolution and the batch normalisation after it did.</summary>
            public static (Parameter, Parameter) fuse_conv_bn_weights(Tensor conv_w, Tensor? conv_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor? bn_w, Tensor? bn_b, bool transpose = false)
            {
                var shape = Enumerable.Repeat(1L, (int)conv_w.dim()).ToArray();
                shape[transpose ? 1 : 0] = -1;
                return Fused(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, shape);
            }

            public static (Parameter, Parameter) fuse_linear_bn_weights(Tensor linear_w, Tensor? linear_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor bn_w, Tensor bn_b) =>
                Fused(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, [-1, 1]);

            /// <summary>A linear layer that does what <paramref name="linear"/> and <paramref name="bn"/> did; both are in eval mode.</summary>
            public static Linear fuse_linear_bn_eval(Linear linear, BatchNorm bn)
            {
                if (linear.training || bn.training) throw new InvalidOperationException("Fusion only for eval!");
                var (weight, bias) = Fused(linear.weight, linear.bias, bn.running_mean!, bn.running_var!, bn.eps, bn.weight, bn.bias, [-1, 1]);
                var fused = Linear(weight, bias);
                fused.eval();
                return fused;
            }

            private static (Parameter, Parameter) Fused(Tensor weight, Tensor? bias, Tensor mean, Tensor variance, double eps, Tensor? gain, Tensor? shift, long[] shape)
            {
                using var scope = NewDisposeScope();
                using var unrecorded = no_grad();
                var scale = variance.add(eps).rsqrt();
                if (gain is not null) scale = scale.mul(gain);
                var moved = (bias is null ? mean.neg() : bias.sub(mean)).mul(scale);
                if (shift is not null) moved = moved.add(shift);
                return scope.MoveToOuter(Parameter(weight.mul(scale.reshape(shape))), Parameter(moved));
            }
        }
    }
}
