using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their joint norm is at most <paramref name="max_norm"/>; gives the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var unrecorded = no_grad();
                var gradients = tensors.Select(t => t.grad).OfType<Tensor>().ToList();
                if (gradients.Count == 0) return 0;
                var infinite = double.IsInfinity(norm_type);
                var norms = stack(gradients.Select(g => infinite ? g.abs().max() : g.norm((float)norm_type)));
                var total = (infinite ? norms.max() : norms.norm((float)norm_type)).ToDouble();
                var factor = max_norm / (total + 1e-6);
                if (factor < 1) gradients.ForEach(g => g.mul_(factor));
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var unrecorded = no_grad();
                foreach (var tensor in tensors) tensor.grad?.clamp_((Scalar)(-clip_value), (Scalar)clip_value);
            }

            /// <summary>All parameters in one vector.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(t => t.view(-1)).ToArray()).MoveToOuterDisposeScope();
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var unrecorded = no_grad();
                long at = 0;
                foreach (var tensor in tensors)
                {
                    tensor.copy_(vec.narrow(0, at, tensor.numel()).view(tensor.shape));
                    at += tensor.numel();
                }
            }
        }
    }
}
