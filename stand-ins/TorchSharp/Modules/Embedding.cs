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

        internal Embedding(torch.Tensor weight, bool frozen, long? padding_idx, bool scale_grad_by_freq, bool sparse) : base(nameof(Embedding))
        {
            _weight = new(weight, !frozen);
            (padding, scaleByFrequency, this.sparse) = (padding_idx ?? -1, scale_grad_by_freq, sparse);
            RegisterComponents();
        }

        public Parameter weight
        {
            get => _weight;
            set => ConditionallyRegisterParameter("weight", _weight = value);
        }

        public override torch.Tensor forward(torch.Tensor input) => Aten.Tensor("embedding", _weight, input, padding, scaleByFrequency, sparse);
    }
}

namespace TorchSharp
{
    using Modules;

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
                if (max_norm is not null) throw new NotSupportedException("max_norm is not supported here.");
                return new(embeddings, freeze, padding_idx, scale_grad_by_freq, sparse);
            }
        }
    }
}
