using System.Text.Json;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>A layer or function, with the inputs and the values of bench/peers/torch_fixtures_modules.py.</summary>
internal sealed class ModuleCase(Module? module, Func<Tensor[], Tensor[]> run) : IDisposable
{
    internal Module? Module => module;

    /// <summary>Random numbers are drawn from the same seed as in the fixture.</summary>
    internal Tensor[] Run(Tensor[] inputs)
    {
        torch.manual_seed(5);
        return run(inputs);
    }

    internal List<(string name, Parameter parameter)> Parameters => module is null ? [] : [.. module.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal)];
    internal List<(string name, Tensor buffer)> Buffers => module is null ? [] : [.. module.named_buffers().OrderBy(b => b.name, StringComparer.Ordinal)];

    /// <summary>Waves in double precision for all that the module has.</summary>
    internal ModuleCase Filled(bool train)
    {
        if (module is null) return this;
        module.to(float64);
        module.train(train);
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        foreach (var (i, (_, parameter)) in Parameters.Index()) parameter.copy_(Waves.Wave(0.5 * (i + 1), parameter.shape) * 0.6);
        foreach (var (i, (name, buffer)) in Buffers.Index())
            if (buffer.is_floating_point()) buffer.copy_(Waves.Wave(0.4 * (i + 1), buffer.shape) * 0.5 + (name.Contains("var") ? 1.5 : 0));
        return this;
    }

    public void Dispose() => module?.Dispose();
}

/// <summary>Every layer and function by name: the factory's, "F." before a function's, and after a dot what is particular.</summary>
internal static class ModuleCases
{
    internal static readonly JsonElement Fixture =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pytorch-modules.json"))).RootElement;

    internal static ModuleCase Make(string name) => Table[name]().Filled(Case(name).GetProperty("train").GetBoolean());
    internal static JsonElement Case(string name) => Fixture.GetProperty("cases").GetProperty(name);

    /// <summary>The inputs; those that have a gradient require it.</summary>
    internal static Tensor[] Inputs(string name) => Case(name).GetProperty("inputs").EnumerateArray().Select((spec, place) =>
    {
        var shape = spec.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
        if (spec.TryGetProperty("longs", out var longs)) return torch.tensor(longs.EnumerateArray().Select(e => e.GetInt64()).ToArray()).reshape(shape);
        if (spec.TryGetProperty("bools", out var bools)) return torch.tensor(bools.EnumerateArray().Select(e => e.GetBoolean()).ToArray()).reshape(shape);
        if (spec.TryGetProperty("doubles", out var doubles)) return torch.tensor(doubles.EnumerateArray().Select(e => e.GetDouble()).ToArray()).reshape(shape);
        var wave = Waves.Wave(0.3 * (place + 1), shape) * spec.GetProperty("scale").GetDouble() + spec.GetProperty("shift").GetDouble();
        return wave.requires_grad_(spec.GetProperty("grad").GetBoolean());
    }).ToArray();

    private static ModuleCase Of(Module<Tensor, Tensor> m) => new(m, x => [m.call(x[0])]);
    private static ModuleCase Of(Module<Tensor, Tensor, Tensor> m) => new(m, x => [m.call(x[0], x[1])]);
    private static ModuleCase Of(Module<Tensor, Tensor, Tensor, Tensor> m) => new(m, x => [m.call(x[0], x[1], x[2])]);
    private static ModuleCase Of(Module<Tensor, Tensor, Tensor, Tensor, Tensor> m) => new(m, x => [m.call(x[0], x[1], x[2], x[3])]);
    private static ModuleCase Of(EmbeddingBag m) => new(m, x => [x.Length == 1 ? m.call(x[0]) : m.call(x[0], x[1], x.ElementAtOrDefault(2))]);
    private static ModuleCase Of(MaxUnpool1d m) => new(m, x => [m.call(x[0], x[1])]);
    private static ModuleCase Of(MaxUnpool2d m, long[]? size = null) => new(m, x => [m.call(x[0], x[1], size)]);
    private static ModuleCase Of(MaxUnpool3d m) => new(m, x => [m.call(x[0], x[1])]);
    private static ModuleCase Of(ConvolutionTranspose m, long[] size) => new(m, x => [m.forward(x[0], size)]);
    private static ModuleCase Of(RNN m) => new(m, x => List(m.call(x[0], x.ElementAtOrDefault(1))));
    private static ModuleCase Of(GRU m) => new(m, x => List(m.call(x[0], x.ElementAtOrDefault(1))));
    private static ModuleCase Of(LSTM m) => new(m, x => List(m.call(x[0], x.Length > 1 ? (x[1], x[2]) : null)));
    private static ModuleCase Of(RNNCell m) => new(m, x => [m.call(x[0], x.ElementAtOrDefault(1))]);
    private static ModuleCase Of(GRUCell m) => new(m, x => [m.call(x[0], x[1])]);
    private static ModuleCase Of(LSTMCell m) => new(m, x => List(m.call(x[0], x.Length > 1 ? (x[1], x[2]) : null)));
    private static ModuleCase Of(Func<Tensor[], Tensor> function) => new(null, x => [function(x)]);
    private static ModuleCase Indexed<T>(T m, Func<T, Tensor, (Tensor, Tensor)> run) where T : Module<Tensor, Tensor> => new(m, x =>
    {
        var both = run(m, x[0]);
        torch.manual_seed(5);
        using var alone = m.call(x[0]);
        Assert.True(alone.Equals(both.Item1));
        return [both.Item1, both.Item2];
    });
    private static Tensor[] List((Tensor, Tensor) pair) => [pair.Item1, pair.Item2];
    private static Tensor[] List((Tensor, Tensor, Tensor) triple) => [triple.Item1, triple.Item2, triple.Item3];
    private static Tensor[] List(Tuple<Tensor, Tensor> pair) => pair.Item2 is null ? [pair.Item1] : [pair.Item1, pair.Item2];

    private static Tensor[] Unpacked(Tensor input, Tensor lengths, Func<utils.rnn.PackedSequence, (utils.rnn.PackedSequence, Tensor)> run)
    {
        var (output, state) = run(utils.rnn.pack_padded_sequence(input, lengths, enforce_sorted: false));
        return [.. List(utils.rnn.pad_packed_sequence(output, padding_value: -3, total_length: 5)), state];
    }

    private static Tensor Weights => torch.tensor(new[] { 0.5, 1, 2, 1.5 });

    internal static readonly Dictionary<string, Func<ModuleCase>> Table = new()
    {
        ["Conv1d"] = () => Of(Conv1d(2, 3, 3, 2, 1)),
        ["Conv1d.same"] = () => Of(Conv1d(2, 2, 4, Padding.Same, dilation: 2, bias: false)),
        ["Conv1d.circular"] = () => Of(Conv1d(2, 4, 3, padding: 1, padding_mode: PaddingModes.Circular, groups: 2)),
        ["Conv2d"] = () => Of(Conv2d(2, 3, 3, 2, 1)),
        ["Conv2d.reflect"] = () => Of(Conv2d(2, 2, (3, 2), (1, 2), (1, 1), padding_mode: PaddingModes.Reflect)),
        ["Conv2d.same"] = () => Of(Conv2d(1, 2, (2, 3), Padding.Same)),
        ["Conv2d.replicate"] = () => Of(Conv2d(2, 2, 3, 1, 2, 2, PaddingModes.Replicate, 2)),
        ["Conv3d"] = () => Of(Conv3d(1, 2, 2, 2, 1)),
        ["Conv3d.same"] = () => Of(Conv3d(1, 1, (2, 1, 3), Padding.Same)),
        ["Conv3d.pairs"] = () => Of(Conv3d(2, 2, (2, 1, 2), (1, 2, 1), (0, 1, 1), groups: 2)),
        ["ConvTranspose1d"] = () => Of(ConvTranspose1d(2, 3, 3, 2, 1, 1)),
        ["ConvTranspose1d.output_size"] = () => Of(ConvTranspose1d(2, 2, 3, 3, 1), [8]),
        ["ConvTranspose2d"] = () => Of(ConvTranspose2d(2, 3, 3, 2, 1, 1)),
        ["ConvTranspose2d.pairs"] = () => Of(ConvTranspose2d(2, 2, (3, 2), (1, 2), (1, 0), dilation: (2, 1), groups: 2)),
        ["ConvTranspose2d.output_size"] = () => Of(ConvTranspose2d(1, 2, 3, 2, 1), [6, 5]),
        ["ConvTranspose3d"] = () => Of(ConvTranspose3d(1, 2, 2, 2, 0, 1)),
        ["ConvTranspose3d.pairs"] = () => Of(ConvTranspose3d(2, 1, (2, 1, 2), (1, 2, 1))),
        ["Linear"] = () => Of(Linear(4, 3)),
        ["Bilinear"] = () => Of(Bilinear(3, 4, 2)),
        ["Embedding"] = () => Of(Embedding(5, 3)),
        ["Embedding.padding"] = () => Of(Embedding(5, 3, padding_idx: 1, scale_grad_by_freq: true)),
        ["Embedding.max_norm"] = () => Of(Embedding(4, 3, max_norm: 0.7)),
        ["Embedding_from_pretrained"] = () => Of(Embedding_from_pretrained(Waves.Wave(4, 3))),
        ["EmbeddingBag"] = () => Of(EmbeddingBag(5, 3)),
        ["EmbeddingBag.sum"] = () => Of(EmbeddingBag(5, 3, mode: EmbeddingBagMode.Sum)),
        ["EmbeddingBag.max"] = () => Of(EmbeddingBag(5, 3, mode: EmbeddingBagMode.Max, padding_index: 1)),
        ["EmbeddingBag_from_pretrained"] = () => Of(EmbeddingBag_from_pretrained(Waves.Wave(4, 3), mode: EmbeddingBagMode.Sum)),
        ["Identity"] = () => Of(Identity()),
        ["Flatten"] = () => Of(Flatten()),
        ["Unflatten"] = () => Of(Unflatten(1, [2, 3])),
        ["PixelShuffle"] = () => Of(PixelShuffle(2)),
        ["PixelUnshuffle"] = () => Of(PixelUnshuffle(2)),
        ["ChannelShuffle"] = () => Of(ChannelShuffle(2)),
        ["Unfold"] = () => Of(Unfold((2, 3), (1, 1), (1, 0), (2, 1))),
        ["Unfold.square"] = () => Of(Unfold(2, padding: 1, stride: 2)),
        ["Fold"] = () => Of(Fold((3, 4), (2, 3), padding: (1, 0), stride: (2, 1))),
        ["Fold.square"] = () => Of(Fold(4, 2, stride: 2)),

        ["BatchNorm1d"] = () => Of(BatchNorm1d(2)),
        ["BatchNorm1d.eval"] = () => Of(BatchNorm1d(2)),
        ["BatchNorm1d.flat"] = () => Of(BatchNorm1d(3)),
        ["BatchNorm2d"] = () => Of(BatchNorm2d(2)),
        ["BatchNorm2d.eval"] = () => Of(BatchNorm2d(2)),
        ["BatchNorm3d"] = () => Of(BatchNorm3d(2)),
        ["BatchNorm3d.eval"] = () => Of(BatchNorm3d(2)),
        ["InstanceNorm1d"] = () => Of(InstanceNorm1d(2, affine: true)),
        ["InstanceNorm1d.tracked"] = () => Of(InstanceNorm1d(2, track_running_stats: true)),
        ["InstanceNorm2d"] = () => Of(InstanceNorm2d(2, affine: true)),
        ["InstanceNorm2d.tracked"] = () => Of(InstanceNorm2d(2, track_running_stats: true)),
        ["InstanceNorm2d.unbatched"] = () => Of(InstanceNorm2d(2)),
        ["InstanceNorm3d"] = () => Of(InstanceNorm3d(2, affine: true)),
        ["InstanceNorm3d.tracked"] = () => Of(InstanceNorm3d(2, track_running_stats: true)),
        ["GroupNorm"] = () => Of(GroupNorm(2, 4)),
        ["LayerNorm"] = () => Of(LayerNorm([2, 3])),
        ["LayerNorm.one"] = () => Of(LayerNorm(3)),
        ["LocalResponseNorm"] = () => Of(LocalResponseNorm(2, 0.3)),
        ["LocalResponseNorm.line"] = () => Of(LocalResponseNorm(3, 0.3, k: 0.5)),

        ["ReLU"] = () => Of(ReLU()),
        ["ReLU6"] = () => Of(ReLU6()),
        ["LeakyReLU"] = () => Of(LeakyReLU(0.2)),
        ["PReLU"] = () => Of(PReLU(4)),
        ["PReLU.one"] = () => Of(PReLU(1)),
        ["RReLU"] = () => Of(RReLU()),
        ["RReLU.eval"] = () => Of(RReLU()),
        ["ELU"] = () => Of(ELU(0.7)),
        ["CELU"] = () => Of(CELU(0.7)),
        ["SELU"] = () => Of(SELU()),
        ["GELU"] = () => Of(GELU()),
        ["SiLU"] = () => Of(SiLU()),
        ["Mish"] = () => Of(Mish()),
        ["Sigmoid"] = () => Of(Sigmoid()),
        ["LogSigmoid"] = () => Of(LogSigmoid()),
        ["Tanh"] = () => Of(Tanh()),
        ["Tanhshrink"] = () => Of(Tanhshrink()),
        ["Hardtanh"] = () => Of(Hardtanh(-0.5, 0.8)),
        ["Hardswish"] = () => Of(Hardswish()),
        ["Hardsigmoid"] = () => Of(Hardsigmoid()),
        ["Hardshrink"] = () => Of(Hardshrink(0.4)),
        ["Softshrink"] = () => Of(Softshrink(0.4)),
        ["Softplus"] = () => Of(Softplus(2, 1.5)),
        ["Softsign"] = () => Of(Softsign()),
        ["Softmax"] = () => Of(Softmax(1)),
        ["Softmax2d"] = () => Of(Softmax2d()),
        ["LogSoftmax"] = () => Of(LogSoftmax(0)),
        ["Softmin"] = () => Of(Softmin(1)),
        ["GLU"] = () => Of(GLU()),
        ["Threshold"] = () => Of(Threshold(0.1, -2)),

        ["AvgPool1d"] = () => Of(AvgPool1d(3, 2, 1)),
        ["AvgPool2d"] = () => Of(AvgPool2d(3, 2, 1)),
        ["AvgPool2d.pairs"] = () => Of(AvgPool2d((2, 3), (1, 2), (1, 1), true, false)),
        ["AvgPool2d.divisor"] = () => Of(AvgPool2d([2, 2], divisor_override: 3)),
        ["AvgPool3d"] = () => Of(AvgPool3d(2, 1)),
        ["AvgPool3d.pairs"] = () => Of(AvgPool3d((1, 2, 2), (1, 1, 2), (0, 1, 0))),
        ["AdaptiveAvgPool1d"] = () => Of(AdaptiveAvgPool1d(3)),
        ["AdaptiveAvgPool2d"] = () => Of(AdaptiveAvgPool2d((3, 2))),
        ["AdaptiveAvgPool3d"] = () => Of(AdaptiveAvgPool3d((1, 2, 3))),
        ["MaxPool1d"] = () => Of(MaxPool1d(3, 2, 1)),
        ["MaxPool1d.indices"] = () => Indexed(MaxPool1d(2), (m, x) => m.forward_with_indices(x)),
        ["MaxPool2d"] = () => Of(MaxPool2d(3, 2, 1)),
        ["MaxPool2d.pairs"] = () => Of(MaxPool2d((2, 3), (2, 1), (1, 1), (1, 2), true)),
        ["MaxPool2d.indices"] = () => Indexed(MaxPool2d(2), (m, x) => m.forward_with_indices(x)),
        ["MaxPool3d"] = () => Of(MaxPool3d(2, 1)),
        ["MaxPool3d.pairs"] = () => Indexed(MaxPool3d((1, 2, 2)), (m, x) => m.forward_with_indices(x)),
        ["AdaptiveMaxPool1d"] = () => Indexed(AdaptiveMaxPool1d(3), (m, x) => m.forward_with_indices(x)),
        ["AdaptiveMaxPool2d"] = () => Indexed(AdaptiveMaxPool2d([3, 2]), (m, x) => m.forward_with_indices(x)),
        ["AdaptiveMaxPool3d"] = () => Indexed(AdaptiveMaxPool3d([1, 2, 3]), (m, x) => m.forward_with_indices(x)),
        ["LPPool1d"] = () => Of(LPPool1d(2, 3, 2)),
        ["LPPool2d"] = () => Of(LPPool2d(3, 2)),
        ["LPPool2d.pairs"] = () => Of(LPPool2d(2, [2, 1], [1, 2])),
        ["FractionalMaxPool2d"] = () => Of(FractionalMaxPool2d(2, 3)),
        ["FractionalMaxPool2d.ratio"] = () => Indexed(FractionalMaxPool2d((2, 3), output_ratio: (0.5, 0.6)), (m, x) => m.forward_with_indices(x)),
        ["FractionalMaxPool3d"] = () => Indexed(FractionalMaxPool3d(2, 2), (m, x) => m.forward_with_indices(x)),
        ["MaxUnpool1d"] = () => Of(MaxUnpool1d(2)),
        ["MaxUnpool2d"] = () => Of(MaxUnpool2d(2)),
        ["MaxUnpool2d.output_size"] = () => Of(MaxUnpool2d((2, 2), (2, 2), (0, 0)), [1, 1, 5, 5]),
        ["MaxUnpool3d"] = () => Of(MaxUnpool3d((1, 2, 2))),

        ["ReflectionPad1d"] = () => Of(ReflectionPad1d((2, 1))),
        ["ReflectionPad2d"] = () => Of(ReflectionPad2d((1, 2, 0, 1))),
        ["ReflectionPad3d"] = () => Of(ReflectionPad3d((1, 0, 1, 1, 0, 1))),
        ["ReplicationPad1d"] = () => Of(ReplicationPad1d(2)),
        ["ReplicationPad2d"] = () => Of(ReplicationPad2d((1, 2, 0, 1))),
        ["ReplicationPad3d"] = () => Of(ReplicationPad3d(1)),
        ["ConstantPad1d"] = () => Of(ConstantPad1d((1, 2), 0.7)),
        ["ConstantPad2d"] = () => Of(ConstantPad2d((1, 2, 0, -1), 0.7)),
        ["ConstantPad3d"] = () => Of(ConstantPad3d((1, 0, 0, 1, 1, 0), 0.7)),
        ["ZeroPad2d"] = () => Of(ZeroPad2d((1, 2, 0, 1))),
        ["Upsample"] = () => Of(Upsample(scale_factor: [2])),
        ["Upsample.bilinear"] = () => Of(Upsample([3, 5], mode: UpsampleMode.Bilinear)),
        ["Upsample.linear"] = () => Of(Upsample(scale_factor: [1.5], mode: UpsampleMode.Linear, align_corners: true)),
        ["Upsample.trilinear"] = () => Of(Upsample([2, 3, 3], mode: UpsampleMode.Trilinear)),
        ["Upsample.bicubic"] = () => Of(Upsample([5, 3], mode: UpsampleMode.Bicubic, align_corners: true)),

        ["Dropout"] = () => Of(Dropout(0.4)),
        ["Dropout.eval"] = () => Of(Dropout(0.4)),
        ["Dropout1d"] = () => Of(Dropout1d(0.4)),
        ["Dropout1d.eval"] = () => Of(Dropout1d(0.4)),
        ["Dropout2d"] = () => Of(Dropout2d(0.4)),
        ["Dropout2d.eval"] = () => Of(Dropout2d(0.4)),
        ["Dropout3d"] = () => Of(Dropout3d(0.4)),
        ["Dropout3d.eval"] = () => Of(Dropout3d(0.4)),
        ["AlphaDropout"] = () => Of(AlphaDropout(0.4)),
        ["AlphaDropout.eval"] = () => Of(AlphaDropout(0.4)),
        ["FeatureAlphaDropout"] = () => Of(FeatureAlphaDropout(0.4)),
        ["FeatureAlphaDropout.eval"] = () => Of(FeatureAlphaDropout(0.4)),

        ["MSELoss"] = () => Of(MSELoss()),
        ["MSELoss.mean"] = () => Of(MSELoss(Reduction.Mean)),
        ["MSELoss.sum"] = () => Of(MSELoss(Reduction.Sum)),
        ["MSELoss.none"] = () => Of(MSELoss(Reduction.None)),
        ["L1Loss"] = () => Of(L1Loss()),
        ["SmoothL1Loss"] = () => Of(SmoothL1Loss(beta: 0.5)),
        ["HuberLoss"] = () => Of(HuberLoss(0.4)),
        ["BCELoss"] = () => Of(BCELoss(Weights)),
        ["BCEWithLogitsLoss"] = () => Of(BCEWithLogitsLoss(pos_weights: Weights)),
        ["CrossEntropyLoss"] = () => Of(CrossEntropyLoss(Weights, 2)),
        ["NLLLoss"] = () => Of(NLLLoss(Weights)),
        ["KLDivLoss"] = () => Of(KLDivLoss()),
        ["PoissonNLLLoss"] = () => Of(PoissonNLLLoss(full: true)),
        ["GaussianNLLLoss"] = () => Of(GaussianNLLLoss(true)),
        ["GaussianNLLLoss.floor"] = () => Of(GaussianNLLLoss()),
        ["SoftMarginLoss"] = () => Of(SoftMarginLoss()),
        ["HingeEmbeddingLoss"] = () => Of(HingeEmbeddingLoss(0.6)),
        ["MarginRankingLoss"] = () => Of(MarginRankingLoss(0.3)),
        ["CosineEmbeddingLoss"] = () => Of(CosineEmbeddingLoss(0.1)),
        ["MultiMarginLoss"] = () => Of(MultiMarginLoss(2, 0.9, Weights)),
        ["MultiLabelMarginLoss"] = () => Of(MultiLabelMarginLoss()),
        ["MultiLabelSoftMarginLoss"] = () => Of(MultiLabelSoftMarginLoss(Weights)),
        ["TripletMarginLoss"] = () => Of(TripletMarginLoss(1.5, swap: true)),
        ["TripletMarginWithDistanceLoss"] = () => Of(TripletMarginWithDistanceLoss(margin: 1.5, swap: true)),
        ["TripletMarginWithDistanceLoss.own"] = () => Of(TripletMarginWithDistanceLoss((x, y) => (x - y).abs().sum(1L), 0.2)),
        ["CTCLoss"] = () =>
        {
            var m = CTCLoss();
            return new(m, x => [m.call(x[0].log_softmax(2), x[1], x[2], x[3])]);
        },
        ["CosineSimilarity"] = () => Of(CosineSimilarity()),
        ["PairwiseDistance"] = () => Of(PairwiseDistance(3, keepdim: true)),

        ["RNN"] = () => Of(RNN(3, 2, 2)),
        ["RNN.relu"] = () => Of(RNN(3, 2, nonLinearity: NonLinearities.ReLU, bias: false, batchFirst: true)),
        ["RNN.packed"] = () =>
        {
            var m = RNN(3, 2);
            return new(m, x => Unpacked(x[0], x[1], s => m.call(s)));
        },
        ["GRU"] = () => Of(GRU(3, 2, bidirectional: true)),
        ["GRU.packed"] = () =>
        {
            var m = GRU(3, 2);
            return new(m, x => Unpacked(x[0], x[1], s => m.call(s)));
        },
        ["LSTM"] = () => Of(LSTM(3, 2, 2)),
        ["LSTM.state"] = () => Of(LSTM(3, 2, bidirectional: true, batchFirst: true)),
        ["LSTM.packed"] = () =>
        {
            var m = LSTM(3, 2);
            return new(m, x =>
            {
                Tensor cell = null!;
                return [.. Unpacked(x[0], x[1], s =>
                {
                    var (output, state, last) = m.call(s);
                    cell = last;
                    return (output, state);
                }), cell];
            });
        },
        ["RNNCell"] = () => Of(RNNCell(3, 2)),
        ["RNNCell.relu"] = () => Of(RNNCell(3, 2, NonLinearities.ReLU)),
        ["GRUCell"] = () => Of(GRUCell(3, 2)),
        ["LSTMCell"] = () => Of(LSTMCell(3, 2)),
        ["LSTMCell.start"] = () => Of(LSTMCell(3, 2)),

        ["MultiheadAttention"] = () =>
        {
            var m = MultiheadAttention(4, 2);
            return new(m, x => List(m.call(x[0], x[1], x[2])));
        },
        ["MultiheadAttention.masked"] = () =>
        {
            var m = MultiheadAttention(4, 2, add_bias_kv: true, add_zero_attn: true, kdim: 3, vdim: 2);
            return new(m, x => List(m.call(x[0], x[1], x[2], x[3], true, x[4])));
        },
        ["MultiheadAttention.added"] = () =>
        {
            var m = MultiheadAttention(4, 2, bias: false);
            return new(m, x => List(m.call(x[0], x[1], x[2], null, false, x[3])));
        },
        ["TransformerEncoderLayer"] = () =>
        {
            var m = TransformerEncoderLayer(4, 2, 6, 0, Activations.GELU);
            return new(m, x => [m.call(x[0], x[1], x[2])]);
        },
        ["TransformerDecoderLayer"] = () =>
        {
            var m = TransformerDecoderLayer(4, 2, 6, 0);
            return new(m, x => [m.call(x[0], x[1], x[2])]);
        },
        ["TransformerEncoder"] = () =>
        {
            var m = TransformerEncoder(TransformerEncoderLayer(4, 2, 6, 0), 2);
            return new(m, x => [m.call(x[0])]);
        },
        ["TransformerDecoder"] = () =>
        {
            var m = TransformerDecoder(TransformerDecoderLayer(4, 2, 6, 0), 2);
            return new(m, x => [m.call(x[0], x[1])]);
        },
        ["Transformer"] = () => Of(Transformer(4, 2, 1, 1, 6, 0)),

        ["F.affine_grid"] = () => Of(x => F.affine_grid(x[0], [1, 1, 2, 3], true)),
        ["F.grid_sample"] = () => Of(x => F.grid_sample(x[0], x[1], align_corners: false)),
        ["F.grid_sample.border"] = () => Of(x => F.grid_sample(x[0], x[1], padding_mode: GridSamplePaddingMode.Border, align_corners: true)),
        ["F.grid_sample.nearest"] = () => Of(x => F.grid_sample(x[0], x[1], GridSampleMode.Nearest, GridSamplePaddingMode.Reflection, false)),
        ["F.grid_sample.volume"] = () => Of(x => F.grid_sample(x[0], x[1], align_corners: false)),
        ["F.interpolate"] = () => Of(x => F.interpolate(x[0], [2, 3], mode: InterpolationMode.Area)),
        ["F.interpolate.exact"] = () => Of(x => F.interpolate(x[0], [3, 5], mode: InterpolationMode.NearestExact)),
        ["F.interpolate.antialias"] = () => Of(x => F.interpolate(x[0], [3, 2], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true)),
        ["F.normalize"] = () => Of(x => F.normalize(x[0], 3, 0)),
        ["F.one_hot"] = () => Of(x => F.one_hot(x[0], 4)),
        ["F.scaled_dot_product_attention"] = () => Of(x => F.scaled_dot_product_attention(x[0], x[1], x[2], x[3])),
        ["F.conv1d_padding"] = () => Of(x => F.conv1d_padding(x[0], x[1], padding: Padding.Same)),
        ["F.conv2d_padding"] = () => Of(x => F.conv2d_padding(x[0], x[1])),
        ["F.conv3d_padding"] = () => Of(x => F.conv3d_padding(x[0], x[1], padding: Padding.Same)),
        ["F.rrelu"] = () => Of(x => F.rrelu(x[0])),
        ["F.upsample"] = () => Of(x => F.upsample(x[0], scale_factor: [2], mode: UpsampleMode.Bilinear, align_corners: true)),
        ["F.upsample_nearest"] = () => Of(x => F.upsample_nearest(x[0], [3, 4])),
        ["F.upsample_bilinear"] = () => Of(x => F.upsample_bilinear(x[0], [3, 4])),
        ["F.upsample_nearest1d"] = () => Of(x => F.upsample_nearest1d(x[0], 5, null)),
        ["F.upsample_nearest2d"] = () => Of(x => F.upsample_nearest2d(x[0], scaleFactors: [2, 1])),
        ["F.upsample_nearest3d"] = () => Of(x => F.upsample_nearest3d(x[0], [3, 2, 2])),
        ["F.pad"] = () => Of(x => F.pad(x[0], (1, 2), PaddingModes.Circular)),
    };
}
