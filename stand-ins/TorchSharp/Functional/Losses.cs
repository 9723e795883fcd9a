using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Tensor("mse_loss", input, target, reduction);
            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Tensor("l1_loss", input, target, reduction);
            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) =>
                Aten.Tensor("smooth_l1_loss", input, target, reduction, beta);
            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("huber_loss", input, target, reduction, delta);
            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("binary_cross_entropy", input, target, weight, reduction);
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.Tensor("binary_cross_entropy_with_logits", input, target, weight, pos_weights, reduction);
            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Aten.Tensor("cross_entropy_loss", input, target, weight, reduction, ignore_index, label_smoothing);
            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("nll_loss_nd", input, target, weight, reduction);
            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("kl_div", input, target, reduction, log_target);
            public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("cosine_embedding_loss", input1, input2, target, margin, reduction);
            public static Tensor margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("margin_ranking_loss", input1, input2, target, margin, reduction);
            public static Tensor hinge_embedding_loss(Tensor input, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("hinge_embedding_loss", input, target, margin, reduction);
            public static Tensor multi_margin_loss(Tensor input, Tensor target, int p = 1, double margin = 1, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("multi_margin_loss", input, target, (long)p, margin, weight, reduction);
            public static Tensor multi_label_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("multilabel_margin_loss", input, target, reduction);
            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => Aten.Tensor("soft_margin_loss", input, target, reduction);
            public static Tensor poisson_nll_loss(Tensor input, Tensor target, bool log_input = true, bool full = false, float eps = 1e-08f, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("poisson_nll_loss", input, target, log_input, full, (double)eps, reduction);
            public static Tensor ctc_loss(Tensor log_probs, Tensor targets, Tensor input_lengths, Tensor target_lengths, long blank = 0, bool zero_infinity = false, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("ctc_loss.Tensor", log_probs, targets, input_lengths, target_lengths, blank, reduction, zero_infinity);

            public static Tensor multilabel_soft_margin_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                var classes = binary_cross_entropy_with_logits(input, target, reduction: Reduction.None);
                if (weight is not null) classes = classes.mul(weight);
                return Reduced(classes.mean([-1]), reduction).MoveToOuterDisposeScope();
            }

            /// <summary>Nix and Weigend 1994: a normal distribution with a variance for each element, floored at <paramref name="eps"/>.</summary>
            public static Tensor gaussian_nll_loss(Tensor input, Tensor target, Tensor variance, bool full = false, float eps = 1e-06f, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                if (!variance.shape.SequenceEqual(input.shape) && variance.dim() == input.dim() - 1) variance = variance.unsqueeze(-1);
                Tensor floor;
                using (no_grad()) floor = variance.detach().clamp_min((double)eps) - variance.detach();
                var floored = variance + floor;
                var loss = (floored.log() + (input - target).square() / floored) * 0.5;
                if (full) loss = loss + 0.5 * Math.Log(2 * Math.PI);
                return Reduced(loss, reduction).MoveToOuterDisposeScope();
            }

            /// <summary>max(0, d(anchor, positive) - d(anchor, negative) + margin), with a distance of one's own.</summary>
            public static Tensor triplet_margin_with_distance_loss(Tensor anchor, Tensor positive, Tensor negative, Func<Tensor, Tensor, Tensor>? distance = null, double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean)
            {
                using var scope = NewDisposeScope();
                distance ??= (a, b) => pairwise_distance(a, b);
                var near = distance(anchor, positive);
                var far = distance(anchor, negative);
                if (swap) far = far.minimum(distance(positive, negative));
                return Reduced((near - far + margin).clamp_min(0), reduction).MoveToOuterDisposeScope();
            }

            public static Tensor pairwise_distance(Tensor input1, Tensor input2, double p = 2, double eps = 1e-06, bool keepdim = false) =>
                Aten.Tensor("pairwise_distance", input1, input2, p, eps, keepdim);

            private static Tensor Reduced(Tensor loss, Reduction reduction) => reduction switch
            {
                Reduction.Mean => loss.mean(),
                Reduction.Sum => loss.sum(),
                _ => loss,
            };

            public static Tensor triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, double margin = 1, long p = 2, double eps = 1e-06, bool swap = false, Reduction reduction = Reduction.Mean) =>
                Aten.Tensor("triplet_margin_loss", anchor, positive, negative, margin, (double)p, eps, swap, reduction);
        }
    }
}
