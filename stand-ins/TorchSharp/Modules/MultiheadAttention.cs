namespace TorchSharp.Modules
{
    /// <summary>Vaswani et al. 2017, section 3.2.2. Queries are [L,N,E], keys and values [S,N,E].</summary>
    public sealed class MultiheadAttention : torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor?, bool, torch.Tensor?, Tuple<torch.Tensor, torch.Tensor>>
    {
        private readonly long width, heads;
        private readonly double dropout;
        private readonly bool zeroAttention;
        private readonly Parameter[] projections;
        private readonly Parameter? projectionBias, keyBias, valueBias;
        private readonly Linear output;

        internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim) : base(nameof(MultiheadAttention))
        {
            if (embedded_dim % num_heads != 0) throw new ArgumentException("embed_dim must be divisible by num_heads");
            (width, heads, this.dropout, zeroAttention) = (embedded_dim, num_heads, dropout, add_zero_attn);
            var (keys, values) = (kdim ?? width, vdim ?? width);
            output = torch.nn.Linear(width, width, bias);
            if (keys == width && values == width) projections = [Drawn("in_proj_weight", 3 * width, width)];
            else projections = [Drawn("q_proj_weight", width, width), Drawn("k_proj_weight", width, keys), Drawn("v_proj_weight", width, values)];
            if (bias)
            {
                register_parameter("in_proj_bias", projectionBias = new(torch.zeros(3 * width)));
                torch.nn.init.zeros_(output.bias!);
            }
            if (add_bias_kv)
            {
                register_parameter("bias_k", keyBias = new(torch.nn.init.xavier_normal_(torch.empty(1, 1, width))));
                register_parameter("bias_v", valueBias = new(torch.nn.init.xavier_normal_(torch.empty(1, 1, width))));
            }
            register_module("out_proj", output);
        }

        private Parameter Drawn(string name, long rows, long columns)
        {
            var parameter = new Parameter(torch.nn.init.xavier_uniform_(torch.empty(rows, columns)));
            register_parameter(name, parameter);
            return parameter;
        }

        protected override void RegisterComponents() { }

        /// <param name="query">[L,N,E]</param>
        /// <param name="key">[S,N,kdim]</param>
        /// <param name="value">[S,N,vdim]</param>
        /// <param name="key_padding_mask">[N,S], true where a key is not to be looked at</param>
        /// <param name="need_weights">Whether the weights [N,L,S], the mean over heads, are wanted too</param>
        /// <param name="attn_mask">[L,S] or [N heads,L,S]: true where a query must not look, or numbers to add</param>
        public new Tuple<torch.Tensor, torch.Tensor> call(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? key_padding_mask = null, bool need_weights = true, torch.Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        public override Tuple<torch.Tensor, torch.Tensor> forward(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? key_padding_mask, bool need_weights, torch.Tensor? attn_mask)
        {
            using var scope = torch.NewDisposeScope();
            var (length, batch) = (query.size(0), query.size(1));
            var q = Projected(query, 0);
            var k = Projected(key, 1);
            var v = Projected(value, 2);
            if (keyBias is not null) (k, v) = (torch.cat([k, keyBias.expand(1, batch, -1)]), torch.cat([v, valueBias!.expand(1, batch, -1)]));
            if (zeroAttention) (k, v) = (torch.cat([k, torch.zeros_like(k[..1])]), torch.cat([v, torch.zeros_like(v[..1])]));
            (q, k, v) = (Split(q), Split(k), Split(v));

            var scores = q.mul(1 / Math.Sqrt(width / heads)).bmm(k.transpose(1, 2));
            var added = k.size(1) - key.size(0);
            if (Additive(attn_mask, added, q) is { } forbidden) scores = scores.add(forbidden);
            if (Additive(key_padding_mask, added, q) is { } padding)
                scores = scores.view(batch, heads, length, -1).add(padding.unsqueeze(1).unsqueeze(2)).view(batch * heads, length, -1);
            var weights = torch.nn.functional.dropout(scores.softmax(-1), dropout, training);
            var joined = weights.bmm(v).transpose(0, 1).reshape(length, batch, width);
            var result = output.call(joined);
            var mean = need_weights ? weights.view(batch, heads, length, -1).mean([1]).MoveToOuterDisposeScope() : null;
            return new(result.MoveToOuterDisposeScope(), mean!);
        }

        private torch.Tensor Projected(torch.Tensor input, int which) => torch.nn.functional.linear(input,
            projections.Length == 1 ? projections[0].narrow(0, which * width, width) : projections[which],
            projectionBias?.narrow(0, which * width, width));

        // [L,N,E] -> [N heads,L,E / heads]
        private torch.Tensor Split(torch.Tensor tensor) => tensor.reshape(tensor.size(0), -1, width / heads).transpose(0, 1);

        // A mask as numbers to add, with nothing forbidden at the keys that were added.
        private static torch.Tensor? Additive(torch.Tensor? mask, long added, torch.Tensor like)
        {
            if (mask is null) return null;
            if (mask.dtype == torch.ScalarType.Bool) mask = torch.zeros(mask.shape, like.dtype, like.device).masked_fill(mask, double.NegativeInfinity);
            return added > 0 ? torch.nn.functional.pad(mask, (0, added)) : mask;
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
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);
        }
    }
}
