namespace TorchSharp.Modules
{
    /// <summary>Copies of an encoder layer, one after another.</summary>
    public sealed class TransformerEncoder : torch.nn.Module<torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor>
    {
        public enum Activations { ReLU = 0, GELU = 1 }

        private readonly ModuleList<TransformerEncoderLayer> layers;
        private readonly LayerNorm? norm;

        internal TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers, LayerNorm? norm = null) : base(nameof(TransformerEncoder))
        {
            layers = new(Enumerable.Range(0, checked((int)num_layers)).Select(_ => encoder_layer.Copy()).ToArray());
            this.norm = norm;
            RegisterComponents();
        }

        public torch.Tensor call(torch.Tensor src) => base.call(src, null, null);
        public torch.Tensor call(torch.Tensor src, torch.Tensor? src_mask) => base.call(src, src_mask, null);

        public override torch.Tensor forward(torch.Tensor src, torch.Tensor? src_mask, torch.Tensor? src_key_padding_mask)
        {
            using var scope = torch.NewDisposeScope();
            var x = src.alias();
            foreach (var layer in layers) x = layer.call(x, src_mask, src_key_padding_mask);
            return (norm is null ? x : norm.call(x)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Copies of a decoder layer, one after another.</summary>
    public sealed class TransformerDecoder : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor?, torch.Tensor?, torch.Tensor>
    {
        private readonly ModuleList<TransformerDecoderLayer> layers;
        private readonly LayerNorm? norm;

        internal TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers, LayerNorm? norm = null) : base(nameof(TransformerDecoder))
        {
            layers = new(Enumerable.Range(0, checked((int)num_layers)).Select(_ => decoder_layer.Copy()).ToArray());
            this.norm = norm;
            RegisterComponents();
        }

        public torch.Tensor call(torch.Tensor tgt, torch.Tensor memory) => base.call(tgt, memory, null, null, null, null);
        public new torch.Tensor call(torch.Tensor tgt, torch.Tensor memory, torch.Tensor? tgt_mask, torch.Tensor? memory_mask = null, torch.Tensor? tgt_key_padding_mask = null, torch.Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

        public override torch.Tensor forward(torch.Tensor tgt, torch.Tensor memory, torch.Tensor? tgt_mask, torch.Tensor? memory_mask, torch.Tensor? tgt_key_padding_mask, torch.Tensor? memory_key_padding_mask)
        {
            using var scope = torch.NewDisposeScope();
            var x = tgt.alias();
            foreach (var layer in layers) x = layer.call(x, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
            return (norm is null ? x : norm.call(x)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Vaswani et al. 2017, figure 1: encoder and decoder, [S,N,E] and [T,N,E] to [T,N,E].</summary>
    public sealed class Transformer : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>
    {
        private readonly TransformerEncoder encoder;
        private readonly TransformerDecoder decoder;

        internal Transformer(long d_model, long nhead, long num_encoder_layers, long num_decoder_layers, long dim_feedforward, double dropout, torch.nn.Activations activation) : base(nameof(Transformer))
        {
            using (var layer = torch.nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation))
                encoder = new(layer, num_encoder_layers, torch.nn.LayerNorm(d_model));
            using (var layer = torch.nn.TransformerDecoderLayer(d_model, nhead, dim_feedforward, dropout, activation))
                decoder = new(layer, num_decoder_layers, torch.nn.LayerNorm(d_model));
            RegisterComponents();
            foreach (var parameter in parameters())
                if (parameter.dim() > 1) torch.nn.init.xavier_uniform_(parameter);
        }

        public override torch.Tensor forward(torch.Tensor src, torch.Tensor tgt) => Run(src, tgt, null, null, null, null, null, null);

        public torch.Tensor call(torch.Tensor src, torch.Tensor tgt, torch.Tensor? src_mask, torch.Tensor? tgt_mask = null, torch.Tensor? memory_mask = null,
            torch.Tensor? src_key_padding_mask = null, torch.Tensor? tgt_key_padding_mask = null, torch.Tensor? memory_key_padding_mask = null) =>
            Run(src, tgt, src_mask, tgt_mask, memory_mask, src_key_padding_mask, tgt_key_padding_mask, memory_key_padding_mask);

        private torch.Tensor Run(torch.Tensor src, torch.Tensor tgt, torch.Tensor? src_mask, torch.Tensor? tgt_mask, torch.Tensor? memory_mask,
            torch.Tensor? src_key_padding_mask, torch.Tensor? tgt_key_padding_mask, torch.Tensor? memory_key_padding_mask)
        {
            using var memory = encoder.call(src, src_mask, src_key_padding_mask);
            return decoder.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
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
            public static TransformerEncoder TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers) => new(encoder_layer, num_layers);
            public static TransformerDecoder TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers) => new(decoder_layer, num_layers);
            public static Transformer Transformer(long d_model = 512, long nhead = 8, long num_encoder_layers = 6, long num_decoder_layers = 6, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(d_model, nhead, num_encoder_layers, num_decoder_layers, dim_feedforward, dropout, activation);
        }
    }
}
