using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>A learnt vector for each of a number of things.</summary>
    public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter _weight;
        private readonly long padding;
        private readonly bool scaleByFrequency, sparse;

        private readonly double? longest;
        private readonly double norm;

        internal Embedding(torch.Tensor weight, bool frozen, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            (longest, norm) = (max_norm, norm_type);
            _weight = new(weight, !frozen);
            (padding, scaleByFrequency, this.sparse) = (padding_idx ?? -1, scale_grad_by_freq, sparse);
            RegisterComponents();
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public override torch.Tensor forward(torch.Tensor input)
        {
            Shorten(_weight, input, longest, norm);
            return Aten.Tensor("embedding", _weight, input, padding, scaleByFrequency, sparse);
        }

        /// <summary>Scales the vectors that are asked for down to a greatest norm, for good.</summary>
        internal static void Shorten(Parameter weight, torch.Tensor input, double? longest, double norm)
        {
            if (longest is not { } most) return;
            using var unrecorded = torch.no_grad();
            using var contiguous = input.contiguous();
            Aten.InPlace("embedding_renorm_", weight, contiguous, most, norm);
        }
    }

    /// <summary>The sum, mean or maximum of the learnt vectors of each bag of things.</summary>
    public sealed class EmbeddingBag : torch.nn.Module<torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor>
    {
        [ComponentName(Name = "weight")] private Parameter _weight;
        private readonly bool scaleByFrequency, sparse, lastOffset;
        private readonly EmbeddingBagMode mode;
        private readonly long padding;

        private readonly double? longest;
        private readonly double norm;

        internal EmbeddingBag(torch.Tensor weight, bool frozen, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse, bool include_last_offset, long padding_index) : base(nameof(EmbeddingBag))
        {
            _weight = new(weight, !frozen);
            (longest, norm) = (max_norm, norm_type);
            (scaleByFrequency, this.mode, this.sparse, lastOffset, padding) = (scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);
            RegisterComponents();
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        /// <summary>A matrix has a bag in each row; a vector has bags that begin at <paramref name="offsets"/>.</summary>
        public override torch.Tensor forward(torch.Tensor input, torch.Tensor? offsets, torch.Tensor? perSampleWeights)
        {
            using var scope = torch.NewDisposeScope();
            if (input.dim() == 2)
            {
                if (offsets is not null) throw new ArgumentException("If input is 2D, then offsets has to be null, as input is treated as a mini-batch of fixed length sequences.");
                offsets = torch.arange(0, input.numel() + (lastOffset ? 1 : 0), input.size(1), torch.ScalarType.Int64, input.device);
                (input, perSampleWeights) = (input.flatten(), perSampleWeights?.flatten());
            }
            else if (offsets is null) throw new ArgumentException("offsets has to be a 1D Tensor but got null");
            Embedding.Shorten(_weight, input, longest, norm);
            return Aten.First("embedding_bag.padding_idx", _weight, input, offsets, scaleByFrequency, (long)mode, sparse, perSampleWeights, lastOffset, padding < 0 ? Arg.None : padding)
                .MoveToOuterDisposeScope();
        }

        public torch.Tensor call(torch.Tensor input) => base.call(input, null, null);
        public torch.Tensor call(torch.Tensor input, torch.Tensor offsets) => base.call(input, offsets, null);
        public new torch.Tensor call(torch.Tensor input, torch.Tensor? offsets, torch.Tensor? perSampleWeights) => base.call(input, offsets, perSampleWeights);
    }
}

namespace TorchSharp
{
    using Modules;

    public enum EmbeddingBagMode { Sum = 0, Mean = 1, Max = 2 }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var weight = randn(num_embeddings, embedding_dims, dtype, device);
                if (padding_idx is { } row) using (var padded = weight.select(0, row)) padded.zero_();
                return Embedding_from_pretrained(weight, false, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                return new(embeddings, freeze, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            }

            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false,
                EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null)
            {
                var weight = randn(num_embeddings, embedding_dims, dtype, device);
                if (padding_index >= 0) using (var padded = weight.select(0, padding_index)) padded.zero_();
                return EmbeddingBag_from_pretrained(weight, false, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);
            }

            public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false,
                EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null)
            {
                return new(embeddings, freeze, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);
            }
        }
    }
}
