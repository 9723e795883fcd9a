using static TorchSharp.Tests.Waves;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>Dictionaries and lists of modules and parameters, hooks, activations in place, utilities.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void ModuleDict_KeepsNamesAndOrder()
    {
        using var dictionary = ModuleDict<Module<Tensor, Tensor>>(("up", Linear(2, 3)), ("act", ReLU()));
        dictionary.Add("down", Linear(3, 2, false));
        Assert.Equal(["up.weight", "up.bias", "down.weight"], dictionary.named_parameters().Select(p => p.name));
        Assert.Equal(["up", "act", "down"], dictionary.keys());
        Assert.IsType<ReLU>(dictionary["act"]);
        using var x = ones(1, 2);
        using var y = dictionary["up"].call(x);
        Assert.Equal([1, 3], y.shape);
        Assert.True(dictionary.Remove("up"));
        Assert.False(dictionary.Remove("up"));
        Assert.Equal(["down.weight"], dictionary.state_dict().Keys);
        dictionary["down"] = Linear(3, 4, false);
        Assert.Equal([4, 3], dictionary.get_parameter("down.weight")!.shape);
        Assert.False(dictionary.TryGetValue("up", out _));
        dictionary.clear();
        Assert.Empty(dictionary.named_children());
    }

    [Fact]
    public void ParameterDict_And_ParameterList_AreOptimised()
    {
        using var scope = NewDisposeScope();
        var dictionary = ParameterDict(("gain", Parameter(ones(2))), ("shift", Parameter(zeros(2))));
        var list = ParameterList(Parameter(ones(1)), Parameter(ones(3)));
        list.append(Parameter(zeros(2)));
        Assert.Equal(["gain", "shift"], dictionary.state_dict().Keys);
        Assert.Equal(["0", "1", "2"], list.named_parameters().Select(p => p.name));
        list.RemoveAt(0);
        list.Insert(1, Parameter(ones(5)));
        Assert.Equal([3L, 5L, 2L], list.parameters().Select(p => p.size(0)));
        Assert.Equal(2, list.IndexOf(list[2]));
        dictionary["gain"] = Parameter(ones(7));
        Assert.Equal([7], dictionary.get_parameter("gain")!.shape);
        Assert.Equal(2, dictionary.Count);
    }

    private sealed class Three : Module<Tensor, Tensor, Tensor, Tensor>
    {
        internal Three() : base(nameof(Three)) { }
        public override Tensor forward(Tensor a, Tensor b, Tensor c) => a + 10 * b + 100 * c;
    }

    [Fact]
    public void Hooks_OfThreeInputs_RunInTheirOrder_AndCanBeRemoved()
    {
        using var scope = NewDisposeScope();
        var module = new Three();
        var seen = new List<string>();
        var hooks = new[]
        {
            module.register_forward_pre_hook((_, a, b, c) => (c, b, a)),
            module.register_forward_hook((_, a, _, _, result) => result + a),
            module.register_forward_pre_hook(m => seen.Add("before " + m.GetName())),
            module.register_forward_hook(m => seen.Add("after " + m.GetName())),
        };
        var (one, two, three) = (torch.tensor(1.0), torch.tensor(2.0), torch.tensor(3.0));
        Assert.Equal(3 + 20 + 100 + 3, module.call(one, two, three).ToDouble());
        Assert.Equal(["before Three", "after Three"], seen);
        foreach (var hook in hooks) hook.remove();
        Assert.Equal(1 + 20 + 300, module.call(one, two, three).ToDouble());
        Assert.Equal(2, seen.Count);
    }

    private static readonly Dictionary<string, (Func<Tensor, Tensor> InPlace, Func<Tensor, Tensor> Apart)> Activations = new()
    {
        ["relu"] = (x => F.relu(x, true), x => F.relu(x)),
        ["relu6"] = (x => F.relu6(x, true), x => F.relu6(x)),
        ["leaky_relu"] = (x => F.leaky_relu(x, 0.2, true), x => F.leaky_relu(x, 0.2)),
        ["elu"] = (x => F.elu(x, 0.7, true), x => F.elu(x, 0.7)),
        ["celu"] = (x => F.celu(x, 0.7, true), x => F.celu(x, 0.7)),
        ["selu"] = (x => F.selu(x, true), x => F.selu(x)),
        ["silu"] = (x => F.silu(x, true), x => F.silu(x)),
        ["mish"] = (x => F.mish(x, true), x => F.mish(x)),
        ["gelu"] = (x => F.gelu(x, true), x => F.gelu(x)),
        ["tanh"] = (x => F.tanh(x, true), x => F.tanh(x)),
        ["sigmoid"] = (x => F.sigmoid(x, true), x => F.sigmoid(x)),
        ["hardtanh"] = (x => F.hardtanh(x, -0.5, 0.5, true), x => F.hardtanh(x, -0.5, 0.5)),
        ["hardsigmoid"] = (x => F.hardsigmoid(x, true), x => F.hardsigmoid(x)),
        ["hardswish"] = (x => F.hardswish(x, true), x => F.hardswish(x)),
        ["rrelu"] = (x => F.rrelu(x, inplace: true), x => F.rrelu(x)),
        ["threshold"] = (x => F.threshold(x, 0.1, -1, true), x => F.threshold(x, 0.1, -1)),
        ["softsign"] = (x => F.softsign(x, true), x => F.softsign(x)),
        ["tanhshrink"] = (x => F.tanhshrink(x, true), x => F.tanhshrink(x)),
        ["dropout"] = (x => F.dropout(x, 0.4, true, true), x => F.dropout(x, 0.4)),
        ["dropout1d"] = (x => F.dropout1d(x, 0.4, true, true), x => F.dropout1d(x, 0.4)),
        ["dropout2d"] = (x => F.dropout2d(x, 0.4, true, true), x => F.dropout2d(x, 0.4)),
        ["alpha_dropout"] = (x => F.alpha_dropout(x, 0.4, true, true), x => F.alpha_dropout(x, 0.4, true)),
        ["feature_alpha_dropout"] = (x => F.feature_alpha_dropout(x, 0.4, true, true), x => F.feature_alpha_dropout(x, 0.4, true)),
    };

    public static TheoryData<string> ActivationNames => new(Activations.Keys);

    [Theory, MemberData(nameof(ActivationNames))]
    public void InPlace_ChangesItsInput_ToWhatItWouldGive(string name)
    {
        using var scope = NewDisposeScope();
        var (inPlace, apart) = Activations[name];
        var x = Wave(0.3, 2, 3, 2);
        torch.manual_seed(5);
        var wanted = apart(x);
        Assert.False(wanted.Equals(x));
        torch.manual_seed(5);
        var result = inPlace(x);
        Assert.True(result.Equals(wanted));
        Assert.True(x.Equals(wanted));
        Assert.NotSame(x, result);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Fused_ConvolutionAndNorm_GiveWhatBothGave(bool transpose)
    {
        using var scope = NewDisposeScope();
        Module<Tensor, Tensor> conv = transpose ? ConvTranspose2d(2, 3, 2) : Conv2d(2, 3, 2);
        var norm = BatchNorm2d(3);
        var both = Sequential(conv, norm);
        for (var i = 0; i < 3; i++) both.call(randn(4, 2, 5, 5) + 1);
        both.eval();
        using (no_grad()) norm.weight!.uniform_(0.5, 2);
        var (weight, bias) = utils.fuse_conv_bn_weights(both.get_parameter("0.weight")!, both.get_parameter("0.bias")!, norm.running_mean!, norm.running_var!, norm.eps, norm.weight!, norm.bias!, transpose);
        var x = randn(2, 2, 5, 5);
        Assert.True(both.call(x).allclose(transpose ? F.conv_transpose2d(x, weight, bias) : F.conv2d(x, weight, bias), 1e-4, 1e-5));
    }

    [Fact]
    public void Fused_LinearAndNorm_GiveWhatBothGave()
    {
        using var scope = NewDisposeScope();
        var (linear, norm) = (Linear(3, 4), BatchNorm1d(4));
        norm.call(linear.call(randn(8, 3)));
        Assert.Throws<InvalidOperationException>(() => utils.fuse_linear_bn_eval(linear, norm));
        linear.eval();
        norm.eval();
        var x = randn(5, 3);
        Assert.True(norm.call(linear.call(x)).allclose(utils.fuse_linear_bn_eval(linear, norm).call(x), 1e-4, 1e-5));
    }

    [Fact]
    public void ParametersToVector_AndBack_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var net = Sequential(Linear(2, 3), Linear(3, 1));
        var vector = utils.parameters_to_vector(net.parameters());
        Assert.Equal(13, vector.numel());
        utils.vector_to_parameters(vector * 2, net.parameters());
        Assert.True(utils.parameters_to_vector(net.parameters()).Equals(vector * 2));
    }

    [Fact]
    public void ClipGradValue_BoundsEachElement()
    {
        using var scope = NewDisposeScope();
        var p = Parameter(Wave(0.3, 5));
        (p * p).sum().backward();
        utils.clip_grad_value_([p], 0.5);
        Assert.Equal(p.detach().mul(2).data<double>().Select(v => Math.Clamp(v, -0.5, 0.5)), p.grad!.data<double>());
    }

    [Fact]
    public void PackSequence_Unpacked_IsPadded()
    {
        using var scope = NewDisposeScope();
        var packed = utils.rnn.pack_sequence([Wave(0.3, 2), Wave(0.6, 4), Wave(0.9, 1)], false);
        Assert.Equal([3L, 2L, 1L, 1L], packed.batch_sizes.data<long>().ToArray());
        var (padded, lengths) = utils.rnn.pad_packed_sequence(packed, batch_first: true);
        Assert.Equal([2L, 4L, 1L], lengths.data<long>().ToArray());
        Assert.True(padded.Equals(utils.rnn.pad_sequence([Wave(0.3, 2), Wave(0.6, 4), Wave(0.9, 1)], true)));
    }

    [Fact]
    public void To_AWholeNumberType_IsRefused()
    {
        using var net = Linear(2, 2);
        Assert.Contains("Int32", Assert.Throws<ArgumentException>(() => net.to(int32)).Message);
    }

    [Fact]
    public void Transformer_Mask_HidesWhatComesLater()
    {
        using var scope = NewDisposeScope();
        var net = Transformer(8, 2, 1, 1, 16);
        net.eval();
        var mask = ones(4, 4, ScalarType.Bool).triu(1);
        var (source, target) = (randn(3, 1, 8), randn(4, 1, 8));
        var before = net.call(source, target, null, mask);
        using (no_grad()) target[3].add_(1);
        var after = net.call(source, target, null, mask);
        Assert.True(before.narrow(0, 0, 3).allclose(after.narrow(0, 0, 3), 1e-4, 1e-5));
        Assert.False(before[3].allclose(after[3]));
    }
}
