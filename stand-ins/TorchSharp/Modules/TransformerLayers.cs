namespace TorchSharp.Modules
{
    /// <summary>Vaswani et al. 2017, section 3.1: attention to itself, then two linear layers, each added to its input and normalised.</summary>
    public sealed class TransformerEncoderLayer : torch.nn.Module<torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor>
    {
        private readonly MultiheadAttention self_attn;
        private readonly FeedForward feed;
        private readonly LayerNorm norm1, norm2;
        private readonly Dropout dropout1, dropout2;
        private readonly Func<TransformerEncoderLayer> another;

        internal TransformerEncoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, torch.nn.Activations activation) : base(nameof(TransformerEncoderLayer))
        {
            register_module(nameof(self_attn), self_attn = torch.nn.MultiheadAttention(d_model, nhead, dropout));
            feed = new(this, d_model, dim_feedforward, dropout, activation);
            register_module(nameof(norm1), norm1 = torch.nn.LayerNorm(d_model));
            register_module(nameof(norm2), norm2 = torch.nn.LayerNorm(d_model));
            register_module(nameof(dropout1), dropout1 = torch.nn.Dropout(dropout));
            register_module(nameof(dropout2), dropout2 = torch.nn.Dropout(dropout));
            another = () => new(d_model, nhead, dim_feedforward, dropout, activation);
        }

        protected override void RegisterComponents() { }

        internal TransformerEncoderLayer Copy()
        {
            var copy = another();
            copy.load_state_dict(state_dict());
            return copy;
        }

        public torch.Tensor call(torch.Tensor src, torch.Tensor? src_mask) => base.call(src, src_mask, null);
        public new torch.Tensor call(torch.Tensor src, torch.Tensor? src_mask, torch.Tensor? src_key_padding_mask) => base.call(src, src_mask, src_key_padding_mask);

        public override torch.Tensor forward(torch.Tensor src, torch.Tensor? src_mask, torch.Tensor? src_key_padding_mask)
        {
            using var scope = torch.NewDisposeScope();
            var seen = self_attn.call(src, src, src, src_key_padding_mask, false, src_mask).Item1;
            var x = norm1.call(src + dropout1.call(seen));
            return norm2.call(x + dropout2.call(feed.Run(x))).MoveToOuterDisposeScope();
        }
    }

    /// <summary>As the encoder's layer, with attention to the encoder's memory in between.</summary>
    public sealed class TransformerDecoderLayer : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor?, torch.Tensor?, torch.Tensor>
    {
        private readonly MultiheadAttention self_attn, multihead_attn;
        private readonly FeedForward feed;
        private readonly LayerNorm norm1, norm2, norm3;
        private readonly Dropout dropout1, dropout2, dropout3;
        private readonly Func<TransformerDecoderLayer> another;

        internal TransformerDecoderLayer(long d_model, long nhead, long dim_feedforward, double dropout, torch.nn.Activations activation) : base(nameof(TransformerDecoderLayer))
        {
            register_module(nameof(self_attn), self_attn = torch.nn.MultiheadAttention(d_model, nhead, dropout));
            register_module(nameof(multihead_attn), multihead_attn = torch.nn.MultiheadAttention(d_model, nhead, dropout));
            feed = new(this, d_model, dim_feedforward, dropout, activation);
            register_module(nameof(norm1), norm1 = torch.nn.LayerNorm(d_model));
            register_module(nameof(norm2), norm2 = torch.nn.LayerNorm(d_model));
            register_module(nameof(norm3), norm3 = torch.nn.LayerNorm(d_model));
            register_module(nameof(dropout1), dropout1 = torch.nn.Dropout(dropout));
            register_module(nameof(dropout2), dropout2 = torch.nn.Dropout(dropout));
            register_module(nameof(dropout3), dropout3 = torch.nn.Dropout(dropout));
            another = () => new(d_model, nhead, dim_feedforward, dropout, activation);
        }

        protected override void RegisterComponents() { }

        internal TransformerDecoderLayer Copy()
        {
            var copy = another();
            copy.load_state_dict(state_dict());
            return copy;
        }

        public torch.Tensor call(torch.Tensor tgt, torch.Tensor memory) => base.call(tgt, memory, null, null, null, null);
        public new torch.Tensor call(torch.Tensor tgt, torch.Tensor memory, torch.Tensor? tgt_mask, torch.Tensor? memory_mask = null, torch.Tensor? tgt_key_padding_mask = null, torch.Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

        public override torch.Tensor forward(torch.Tensor tgt, torch.Tensor memory, torch.Tensor? tgt_mask, torch.Tensor? memory_mask, torch.Tensor? tgt_key_padding_mask, torch.Tensor? memory_key_padding_mask)
        {
            using var scope = torch.NewDisposeScope();
            var seen = self_attn.call(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask).Item1;
            var x = norm1.call(tgt + dropout1.call(seen));
            var remembered = multihead_attn.call(x, memory, memory, memory_key_padding_mask, false, memory_mask).Item1;
            x = norm2.call(x + dropout2.call(remembered));
            return norm3.call(x + dropout3.call(feed.Run(x))).MoveToOuterDisposeScope();
        }
    }

    /// <summary>linear2(dropout(activation(linear1(x)))), registered with the layer that it is a part of.</summary>
    internal sealed class FeedForward
    {
        private readonly Linear first, second;
        private readonly Dropout dropped;
        private readonly torch.nn.Activations activation;

        internal FeedForward(torch.nn.Module owner, long width, long inner, double dropout, torch.nn.Activations activation)
        {
            this.activation = activation;
            owner.register_module("linear1", first = torch.nn.Linear(width, inner));
            owner.register_module("dropout", dropped = torch.nn.Dropout(dropout));
            owner.register_module("linear2", second = torch.nn.Linear(inner, width));
        }

        internal torch.Tensor Run(torch.Tensor x)
        {
            var inner = first.call(x);
            return second.call(dropped.call(activation == torch.nn.Activations.GELU ? inner.gelu() : inner.relu()));
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public enum Activations { ReLU = 0, GELU = 1 }

            public static TransformerEncoderLayer TransformerEncoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, dim_feedforward, dropout, activation);
            public static TransformerDecoderLayer TransformerDecoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, dim_feedforward, dropout, activation);
        }
    }
}
