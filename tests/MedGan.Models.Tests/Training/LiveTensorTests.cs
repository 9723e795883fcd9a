using System.Reflection;
using MedGan.Models.Checkpoints;
using MedGan.Models.Losses;
using MedGan.Models.Metrics;
using MedGan.Models.Networks;
using MedGan.Models.Regularizers;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

/// <summary>Every tensor has an owner: after a public entry point is done and what it gave is disposed of, as many are alive as before.</summary>
public partial class LiveTensorTests
{
    // types of which no member makes a tensor
    private static readonly HashSet<Type> TensorFree =
    [
        typeof(AffineWarp), typeof(Augmentation), typeof(BatchSampler), typeof(CheckpointFolder), typeof(CycleGanPlan), typeof(DomainState), typeof(ImageErrors),
        typeof(LearningRateSchedule), typeof(OutlineDepth), typeof(PatientSplit), typeof(PoolState), typeof(RunState), typeof(SampleGrid), typeof(SampleImages),
        typeof(SamplerState), typeof(SeededRandom), typeof(StepLosses), typeof(TrainingImage), typeof(TrainingResult),
        .. ClassConditionalTensorFree,
    ];

    // every other public constructor and method, each under the names that a scenario covers
    private static readonly (string[] EntryPoints, Action<TemporaryFolder> Use)[] Scenarios =
    [
        (["CycleGanTrainer..ctor", "CycleGanTrainer.Run", "CycleGanTrainer.Samples", "CycleGanTrainer.Export", "CycleGanTrainer.Restore"], folder =>
        {
            using (var trainer = Trainer())
            {
                Assert.True(Live > 0);
                trainer.Run(folder["checkpoints"], new Recorder(), Ct);
                trainer.Samples();
                trainer.Export(folder["model"]);
            }
            using var restored = Trainer();
            Assert.True(restored.Restore(folder["checkpoints"]));
        }),
        (["Translator.Load", "Translator.AToB", "Translator.BToA"], folder =>
        {
            using (var trainer = Trainer()) trainer.Export(folder["model"]);
            using var translator = Translator.Load(folder["model"], "cpu");
            LeavesNone(() => translator.AToB([TinyCohort.A[0].Pixels]));
            LeavesNone(() => translator.BToA([.. Enumerable.Repeat(TinyCohort.B[0].Pixels, 20)])); // more than one chunk
        }),
        (["CohortEncoder.Train", "CohortEncoder.Embed", "CohortEncoder.Save", "CohortEncoder.Load"], folder =>
        {
            using var encoder = CohortEncoder.Train(TinyCohort.A, TinyCohort.Size, seed: 1, steps: 3, Ct);
            LeavesNone(() => encoder.Embed([TinyCohort.A[0].Pixels]));
            LeavesNone(() => encoder.Save(folder["encoder"]));
            CohortEncoder.Load(folder["encoder"]).Dispose();
        }),
        (["GradientExchange.Connect", "GradientExchange.AverageGradients", "GradientExchange.BroadcastParameters", "GradientExchange.AllReduce", "GradientExchange.Broadcast", "GradientExchange.Barrier"], _ =>
        {
            using var network = new PatchDiscriminator(4);
            using var exchange = GradientExchange.Connect(0, 1, "127.0.0.1", Loopback.FreePort());
            using (NewDisposeScope()) network.call(rand(1, 1, 32, 32)).sum().backward();
            LeavesNone(() => exchange.AverageGradients(network.parameters()));
            LeavesNone(() => exchange.BroadcastParameters(network.parameters()));
            LeavesNone(() => exchange.AllReduce([1f]));
            LeavesNone(() => exchange.AllReduce([1.0]));
            LeavesNone(() => exchange.Broadcast(new byte[3]));
            LeavesNone(exchange.Barrier);
        }),
        (["ImagePool..ctor", "ImagePool.Exchange", "ImagePool.Restore"], _ =>
        {
            using var pool = new ImagePool(2, 1, 8, new SeededRandom(1), CPU);
            using var batch = rand(5, 1, 8, 8);
            LeavesNone(() => pool.Exchange(batch).Dispose());
            LeavesNone(() => pool.Restore(1, [1, 2, 3, 4]));
        }),
        (["SafeTensors.Write", "SafeTensors.Read"], folder =>
        {
            using var whole = rand(4, 6);
            using var part = whole.narrow(1, 1, 2);
            var file = new MemoryStream();
            LeavesNone(() => SafeTensors.Write(file, new Dictionary<string, Tensor> { ["part"] = part }));
            LeavesNone(() => SafeTensors.Write(folder["part"], new Dictionary<string, Tensor> { ["part"] = part }));
            file.Position = 0;
            foreach (var tensor in SafeTensors.Read(file).Values.Concat(SafeTensors.Read(folder["part"]).Values)) tensor.Dispose();
        }),
        (["ExponentialMovingAverage.Update", "Initialisation.Normal", "Initialisation.HeNormal", "ResNetGenerator..ctor", "ResNetGenerator.forward", "ResNetGenerator.Initialise"], _ =>
        {
            using var network = new ResNetGenerator(4, 1, pixelPathWidth: 4);
            using var average = new ResNetGenerator(4, 1, pixelPathWidth: 4);
            using var image = rand(1, 1, 32, 32);
            LeavesNone(() => network.Initialise(new SeededRandom(1)));
            LeavesNone(() => Initialisation.Normal(network, new SeededRandom(1)));
            LeavesNone(() => Initialisation.HeNormal(network, new SeededRandom(1)));
            LeavesNone(() => ExponentialMovingAverage.Update(average, network, 0.9, 1));
            LeavesNone(() => network.call(image).Dispose());
        }),
        (["PatchDiscriminator..ctor", "PatchDiscriminator.forward", "EncoderNetwork..ctor", "EncoderNetwork.forward", "ResidualBlock..ctor", "ResidualBlock.forward"], _ =>
        {
            using var image = rand(1, 1, 32, 32);
            foreach (var network in (nn.Module<Tensor, Tensor>[])[new PatchDiscriminator(4), new EncoderNetwork(), new ResidualBlock(1)])
                using (network)
                    LeavesNone(() => network.call(image).Dispose());
        }),
        (["CycleConsistencyLoss.Of", "IdentityLoss.Of", "EdgeAlignmentLoss.Of", "OutlineAtlasLoss.Of", "LeastSquaresLoss.Generator", "LeastSquaresLoss.Discriminator", "InfoNceLoss.Of"], _ =>
        {
            using var scope = NewDisposeScope(); // a loss's intermediates belong to the step's scope
            var (x, y) = (rand(2, 1, 8, 8), rand(2, 1, 8, 8));
            foreach (var loss in (Tensor[])
            [
                CycleConsistencyLoss.Of(x, y), IdentityLoss.Of(x, y), EdgeAlignmentLoss.Of(x, y), OutlineAtlasLoss.Of(x, y),
                LeastSquaresLoss.Generator(x), LeastSquaresLoss.Discriminator(x, y), InfoNceLoss.Of(x.flatten(1), y.flatten(1), 0.1),
            ])
                Assert.Equal([], loss.shape);
        }),
        (["SpectralNorm..ctor", "SpectralNorm.forward"], _ =>
        {
            using var norm = new SpectralNorm(nn.Linear(3, 2), new SeededRandom(1));
            using var input = rand(4, 3);
            LeavesNone(() => norm.call(input).Dispose());
            norm.eval();
            LeavesNone(() => norm.call(input).Dispose());
        }),
        (["OutlineAtlas..ctor", "OutlineAtlas.AToB", "OutlineAtlas.BToA"], _ =>
        {
            var images = TinyCohort.A.Select(i => i.Pixels).ToArray();
            var atlas = new OutlineAtlas(images, images, TinyCohort.Size);
            using var batch = rand(2, 2, TinyCohort.Size, TinyCohort.Size);
            LeavesNone(() => atlas.AToB(batch).Dispose());
            LeavesNone(() => atlas.BToA(batch).Dispose());
        }),
        .. ClassConditional,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    public static TheoryData<string> ScenarioNames => [.. Scenarios.Select(s => s.EntryPoints[0])];

    [Theory]
    [MemberData(nameof(ScenarioNames))]
    public void EntryPoint_LeavesNoTensor(string first)
    {
        using var folder = new TemporaryFolder();
        LeavesNone(() => Scenarios.Single(s => s.EntryPoints[0] == first).Use(folder));
    }

    [Fact]
    public void EveryPublicEntryPoint_IsCounted()
    {
        var exported = typeof(CycleGanTrainer).Assembly.GetExportedTypes().Where(t => !t.IsInterface && !t.IsAssignableTo(typeof(Exception))).ToArray();
        var entryPoints =
            from type in exported.Except(TensorFree)
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where member is ConstructorInfo or MethodInfo { IsSpecialName: false } && member.Name != nameof(IDisposable.Dispose)
            select $"{type.Name}.{member.Name}";
        Assert.Equal(entryPoints.Distinct().Order(), Scenarios.SelectMany(s => s.EntryPoints).Order());
    }

    [Fact]
    public void TypesThatAreSaidToBeFreeOfTensors_NameNone()
    {
        static bool IsTorch(Type type) => type.Assembly == typeof(torch).Assembly || type.GetGenericArguments().Any(IsTorch);
        var naming =
            from type in TensorFree
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where IsTorch(method.ReturnType) || method.GetParameters().Any(p => IsTorch(p.ParameterType)) || (method.GetMethodBody()?.LocalVariables.Any(v => IsTorch(v.LocalType)) ?? false)
            select $"{type.Name}.{method.Name}";
        Assert.Empty(naming);
    }

    [Fact]
    public void Training_HoldsNoMoreTensorsStepByStep()
    {
        using var folder = new TemporaryFolder();
        using var trainer = new CycleGanTrainer(TinyCohort.Plan with { MaxSteps = 12 }, TinyCohort.A, TinyCohort.B);
        var counts = new List<long>();
        trainer.Run(folder.Path, new Recorder { Then = _ => counts.Add(Live) }, Ct);
        Assert.All(counts[4..], count => Assert.Equal(counts[3], count)); // gradients exist from the first step on, the pools are full at the second
    }

    [Fact]
    public void FailedCalls_LeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        LeavesNone(() => Assert.Throws<ArgumentException>(() => new CycleGanTrainer(TinyCohort.Plan, TinyCohort.A, [])));
        using (var trainer = Trainer()) trainer.Export(folder["model"]);
        File.WriteAllText(folder["model/plan.json"], (TinyCohort.Plan with { GeneratorWidth = 5 }).ToJson());
        LeavesNone(() => Assert.Throws<InvalidDataException>(() => Translator.Load(folder["model"], "cpu")));
        var file = File.ReadAllBytes(folder["model/weights.safetensors"]);
        LeavesNone(() => Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(file[..^1]))));
    }

    private static CycleGanTrainer Trainer() => new(TinyCohort.Plan, TinyCohort.A, TinyCohort.B);

    private static void LeavesNone(Action act)
    {
        var before = Live;
        act();
        Assert.Equal(before, Live);
    }
}
