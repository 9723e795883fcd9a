using System.Reflection;
using static TorchSharp.Tests.ModuleCases;

namespace TorchSharp.Tests;

/// <summary>Gradients of every layer and function, for its inputs and all that it learns, against central differences in double precision.</summary>
public sealed class ModuleGradientTests
{
    private const double Step = 1e-5;

    private static readonly Dictionary<string, string> NotDifferentiated = new()
    {
        ["F.one_hot"] = "whole numbers have no gradient",
        ["Embedding.max_norm"] = "the forward pass itself shortens the weights",
        ["Embedding.padding"] = "gradients of the padding are left out, the others divided by how often they are asked for",
        ["GaussianNLLLoss.floor"] = "a loss of a million leaves the differences too few digits",
        ["Embedding_from_pretrained"] = "frozen",
        ["EmbeddingBag_from_pretrained"] = "frozen",
    };

    public static TheoryData<string> Names => new(Table.Keys.Where(name => !NotDifferentiated.ContainsKey(name)));

    [Theory, MemberData(nameof(Names))]
    public void Backward_OfModule_EqualsCentralDifferences(string name)
    {
        using var scope = NewDisposeScope();
        using var made = Make(name);
        var inputs = Inputs(name);
        var leaves = inputs.Where(i => i.requires_grad).Select((input, i) => ($"input {i}", input)).Concat(made.Parameters.Select(p => (p.name, (Tensor)p.parameter))).ToList();
        Assert.NotEmpty(leaves);
        ModuleFixtureTests.Loss(made.Run(inputs))!.backward();
        foreach (var (leafName, leaf) in leaves)
        {
            var found = (leaf.grad ?? zeros_like(leaf)).contiguous().data<double>().ToArray();
            for (var i = 0; i < found.Length; i++)
            {
                double Moved(double by)
                {
                    using var inner = NewDisposeScope();
                    using (no_grad()) leaf.view(-1)[i].add_(by);
                    var loss = ModuleFixtureTests.Loss(made.Run(inputs))!.item<double>();
                    using (no_grad()) leaf.view(-1)[i].sub_(by);
                    return loss;
                }
                var slope = (Moved(Step) - Moved(-Step)) / (2 * Step);
                Assert.True(Math.Abs(slope - found[i]) <= 2e-6 * Math.Max(1, Math.Abs(found[i])), $"{leafName}[{i}]: backward gives {found[i]:R}, differences {slope:R}");
            }
        }
    }

    // In the others the table itself makes tensors: log-probabilities, packed batches, a distance.
    public static TheoryData<string> All => new(Table.Keys.Where(name => name != "CTCLoss" && !name.EndsWith(".packed") && !name.EndsWith(".own")));

    /// <summary>Whatever a layer makes on its way is gone when it returns.</summary>
    [Theory, MemberData(nameof(All))]
    public void Forward_LeavesOnlyItsResults(string name)
    {
        using var scope = NewDisposeScope();
        using var made = Make(name);
        var inputs = Inputs(name);
        foreach (var recorded in new[] { true, false })
        {
            using var mode = set_grad_enabled(recorded);
            var before = Waves.LiveTensors;
            var results = made.Run(inputs);
            Assert.Equal(before + results.Length, Waves.LiveTensors);
        }
    }

    // ModuleTests and ContainerTests have these.
    private static readonly string[] TestedElsewhere = ["Parameter", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"];

    /// <summary>The functions that a layer of the table calls, and the layer.</summary>
    private static readonly Dictionary<string, string> CalledBy = """
        Hardshrink=Hardshrink Hardtanh=Hardtanh Mish=Mish SiLU=SiLU Softshrink=Softshrink Softsign=Softsign Tanhshrink=Tanhshrink Threshold=Threshold
        adaptive_avg_pool1d=AdaptiveAvgPool1d adaptive_avg_pool2d=AdaptiveAvgPool2d adaptive_avg_pool3d=AdaptiveAvgPool3d adaptive_max_pool1d=AdaptiveMaxPool1d
        adaptive_max_pool1d_with_indices=AdaptiveMaxPool1d adaptive_max_pool2d=AdaptiveMaxPool2d adaptive_max_pool2d_with_indices=AdaptiveMaxPool2d
        adaptive_max_pool3d=AdaptiveMaxPool3d adaptive_max_pool3d_with_indices=AdaptiveMaxPool3d alpha_dropout=AlphaDropout avg_pool1d=AvgPool1d
        avg_pool2d=AvgPool2d avg_pool3d=AvgPool3d batch_norm=BatchNorm2d bilinear=Bilinear binary_cross_entropy=BCELoss
        binary_cross_entropy_with_logits=BCEWithLogitsLoss celu=CELU conv1d=Conv1d conv2d=Conv2d conv3d=Conv3d conv_transpose1d=ConvTranspose1d
        conv_transpose2d=ConvTranspose2d conv_transpose3d=ConvTranspose3d cosine_embedding_loss=CosineEmbeddingLoss cosine_similarity=CosineSimilarity
        cross_entropy=CrossEntropyLoss ctc_loss=CTCLoss dropout=Dropout dropout1d=Dropout1d dropout2d=Dropout2d dropout3d=Dropout3d elu=ELU
        feature_alpha_dropout=FeatureAlphaDropout fold=Fold fractional_max_pool2d=FractionalMaxPool2d
        fractional_max_pool2d_with_indices=FractionalMaxPool2d.ratio fractional_max_pool3d=FractionalMaxPool3d
        fractional_max_pool3d_with_indices=FractionalMaxPool3d gaussian_nll_loss=GaussianNLLLoss gelu=GELU glu=GLU group_norm=GroupNorm hardshrink=Hardshrink
        hardsigmoid=Hardsigmoid hardswish=Hardswish hardtanh=Hardtanh hinge_embedding_loss=HingeEmbeddingLoss huber_loss=HuberLoss instance_norm=InstanceNorm2d
        kl_div=KLDivLoss l1_loss=L1Loss layer_norm=LayerNorm leaky_relu=LeakyReLU linear=Linear local_response_norm=LocalResponseNorm log_softmax=LogSoftmax
        logsigmoid=LogSigmoid lp_pool1d=LPPool1d lp_pool2d=LPPool2d margin_ranking_loss=MarginRankingLoss max_pool1d=MaxPool1d
        max_pool1d_with_indices=MaxPool1d.indices max_pool2d=MaxPool2d max_pool2d_with_indices=MaxPool2d.indices max_pool3d=MaxPool3d
        max_pool3d_with_indices=MaxPool3d.pairs max_unpool1d=MaxUnpool1d max_unpool2d=MaxUnpool2d max_unpool3d=MaxUnpool3d mish=Mish mse_loss=MSELoss
        multi_label_margin_loss=MultiLabelMarginLoss multi_margin_loss=MultiMarginLoss multilabel_soft_margin_loss=MultiLabelSoftMarginLoss nll_loss=NLLLoss
        pairwise_distance=PairwiseDistance pixel_shuffle=PixelShuffle pixel_unshuffle=PixelUnshuffle poisson_nll_loss=PoissonNLLLoss prelu=PReLU relu=ReLU
        relu6=ReLU6 selu=SELU sigmoid=Sigmoid silu=SiLU smooth_l1_loss=SmoothL1Loss soft_margin_loss=SoftMarginLoss softmax=Softmax softmax2d=Softmax2d
        softmin=Softmin softplus=Softplus softshrink=Softshrink softsign=Softsign tanh=Tanh tanhshrink=Tanhshrink threshold=Threshold
        triplet_margin_loss=TripletMarginLoss triplet_margin_with_distance_loss=TripletMarginWithDistanceLoss unfold=Unfold
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    [Fact]
    public void EveryFactory_IsInTheTable_OrNamedWithAReason()
    {
        var tested = Table.Keys.Select(key => key.Split('.')[0]).Concat(TestedElsewhere).ToHashSet();
        Assert.Equal([], Public(typeof(torch.nn)).Where(name => !tested.Contains(name)).ToList());
    }

    [Fact]
    public void EveryFunction_IsInTheTable_OrCalledByALayerOfIt()
    {
        var functions = Public(typeof(torch.nn.functional));
        Assert.Equal([], functions.Where(name => !Table.ContainsKey("F." + name) && !CalledBy.ContainsKey(name)).ToList());
        Assert.Equal([], CalledBy.Where(entry => !functions.Contains(entry.Key) || !Table.ContainsKey(entry.Value)).ToList());
    }

    private static HashSet<string> Public(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(m => m.Name).ToHashSet();
}
