using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null,
                bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Tensor("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Aten.Tensor("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Tensor("group_norm", input, num_groups, weight, bias, eps);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Tensor("layer_norm", input, normalized_shape, weight, bias, eps);

            /// <summary>Divides by the p-norm along a dimension.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = Aten.Tensor("norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                using var floor = norm.clamp_min(eps);
                return input.div(floor);
            }

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1e-08) => Aten.Tensor("cosine_similarity", x1, x2, dim, eps);
            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Tensor("one_hot", x, num_classes);

            /// <summary>Krizhevsky et al. 2012, section 3.3: each channel divided by its neighbours' strength.</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1)
            {
                if (input.dim() < 3) throw new ArgumentException($"Expected 3D or higher dimensionality input (got {input.dim()} dimensions)");
                using var scope = NewDisposeScope();
                var squares = input.mul(input).unsqueeze(1);
                long[] shape = [input.size(0), 1, input.size(1), input.size(2), -1];
                var mean = input.dim() == 3
                    ? avg_pool2d(functional.pad(squares, (0, 0, size / 2, (size - 1) / 2)), [size, 1], [1, 1]).squeeze(1)
                    : avg_pool3d(functional.pad(squares.view(shape), [0, 0, 0, 0, size / 2, (size - 1) / 2]), [size, 1, 1], [1, 1, 1]).squeeze(1).view(input.shape);
                return input.div(mean.mul(alpha).add(k).pow(beta)).MoveToOuterDisposeScope();
            }
        }
    }
}
