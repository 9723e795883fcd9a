using System.Reflection;
using MedGan.Models.Checkpoints;
using MedGan.Models.Losses;
using MedGan.Models.Losses.Adversarial;
using MedGan.Models.Metrics;
using MedGan.Models.Networks;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Regularizers;
using MedGan.Models.Sampling;
using MedGan.Models.Tests.Training.SuperResolution;
using MedGan.Models.Training;
using MedGan.Models.Training.Contrastive;
using MedGan.Models.Training.Paired;
using MedGan.Models.Training.Degradation;
using MedGan.Models.Training.SuperResolution;
using MedGan.Models.Training.Volumes;
using MedGan.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

/// <summary>Every tensor has an owner: after a public entry point is done and what it gave is disposed of, as many are alive as before.</summary>
public partial class LiveTensorTests
{
    // public constructors and methods of training and sampling, each under the names that a scenario covers
    private static readonly (string[] EntryPoints, Action<TemporaryFolder> Use)[] Scenarios =
    [
        (["CycleGanMethod..ctor", "CycleGanMethod.TakeStep", "CycleGanMethod.Tensors", "CycleGanMethod.ExportedWeights", "CycleGanMethod.Samples"], folder =>
        {
            var before = Live;
            using (var trainer = Trainer())
            {
                Assert.True(Live > before);
                trainer.Run(folder["checkpoints"], new Recorder(), Ct);
                LeavesNone(() => trainer.Samples());
                LeavesNone(() => trainer.Export(folder["model"]));
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
        (["Trainer..ctor", "Trainer.Run", "Trainer.Samples", "Trainer.Export", "Trainer.Restore", "PairedTranslationMethod..ctor", "PairedTranslationMethod.TakeStep",
            "PairedTranslationMethod.Error", "PairedTranslationMethod.Tensors", "PairedTranslationMethod.ExportedWeights", "PairedTranslationMethod.Samples"], folder =>
        {
            var plan = TinyPairs.Plan("residual-unet") with { Patience = 9, Accumulate = 2, SpectralNorm = true, Attention = true, LambdaFeature = 1, FeatureNetwork = "cohort", FeatureSteps = 2, LambdaFeatureMatching = 1 };
            var method = new PairedTranslationMethod(plan, TinyPairs.Images);
            using (var trainer = new Trainer(plan, method, () => method.Error(TinyPairs.Images)))
            {
                trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
                LeavesNone(() => trainer.Samples());
                LeavesNone(() => trainer.Export(folder["model"]));
                LeavesNone(() => method.Error(TinyPairs.Images));
            }
            using var restored = TinyPairs.Trainer(plan);
            Assert.True(restored.Restore(folder["checkpoints"]));
        }),
        (["ContrastiveTranslationMethod..ctor", "ContrastiveTranslationMethod.TakeStep", "ContrastiveTranslationMethod.Tensors", "ContrastiveTranslationMethod.ExportedWeights",
            "ContrastiveTranslationMethod.Samples", "ResNetGenerator.Encode", "ResNetGenerator.EncodedChannels", "PatchProjection..ctor", "PatchProjection.Initialise", "PatchProjection.Project"], folder =>
        {
            var plan = ContrastiveTranslationTests.Plan("cut") with { Precision = "bf16", LambdaEdges = 1, LambdaMutualInformation = 1, Accumulate = 2, SpectralNorm = true, Attention = true };
            using var trainer = new Trainer(plan, new ContrastiveTranslationMethod(plan, TinyCohort.A, TinyCohort.B));
            trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
            LeavesNone(() => trainer.Samples());
            trainer.Export(folder["model"]);
            using var translator = SliceTranslator.Load(folder["model"], "cpu");
            LeavesNone(() => translator.Translate([TinyCohort.A[0].Pixels]));
        }),
        (["SliceTranslator.Load", "SliceTranslator.Translate"], folder =>
        {
            using (var trainer = TinyPairs.Trainer(TinyPairs.Plan("pix2pix"))) trainer.Export(folder["model"]);
            using var translator = SliceTranslator.Load(folder["model"], "cpu");
            LeavesNone(() => translator.Translate([.. TinyPairs.Images.Select(p => p.Source), .. TinyPairs.Images.Select(p => p.Source)])); // more than one chunk
        }),
        (["VolumeTranslationMethod..ctor", "VolumeTranslationMethod.TakeStep", "VolumeTranslationMethod.Tensors", "VolumeTranslationMethod.ExportedWeights", "VolumeTranslationMethod.Samples", "VolumeTranslationMethod.Error",
            "VolumeTranslator.Load", "VolumeTranslator.Translate"], folder =>
        {
            var plan = TinyVolumes.Plan with { Accumulate = 2 };
            var method = new VolumeTranslationMethod(plan, TinyVolumes.Pairs);
            using var trainer = new Trainer(plan, method);
            for (var step = 0; step < 2; step++) method.TakeStep(step, 0); // gradients are there from here on
            LeavesNone(() => method.TakeStep(2, 0));
            LeavesNone(() => method.Samples());
            LeavesNone(() => method.Error(TinyVolumes.Pairs));
            LeavesNone(() => method.Counters = method.Counters);
            trainer.Export(folder["model"]);
            using var translator = VolumeTranslator.Load(folder["model"], "cpu");
            LeavesNone(() => translator.Translate(TinyVolumes.Pairs[0].Source, TinyVolumes.Slices));
        }),
        (["UNetGenerator..ctor", "UNetGenerator.Initialise", "UNetGenerator.forward", "ResidualUNet..ctor", "ResidualUNet.Initialise", "ResidualUNet.forward"], _ =>
        {
            using var unet = new UNetGenerator(4, 32);
            using var residual = new ResidualUNet(4, 2, 1);
            unet.Initialise(new SeededRandom(1));
            residual.Initialise(new SeededRandom(1));
            using var image = rand(1, 1, 32, 32);
            unet.call(image).Dispose();
            residual.call(image).Dispose();
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
        (["ExponentialMovingAverage.Update", "ExponentialMovingAverage.Decay", "Initialisation.Normal", "Initialisation.HeNormal", "ResNetGenerator..ctor", "ResNetGenerator.forward", "ResNetGenerator.Initialise"], _ =>
        {
            using var network = new ResNetGenerator(4, 1, pixelPathWidth: 4);
            using var average = new ResNetGenerator(4, 1, pixelPathWidth: 4);
            using var image = rand(1, 1, 32, 32);
            LeavesNone(() => network.Initialise(new SeededRandom(1)));
            LeavesNone(() => Initialisation.Normal(network, new SeededRandom(1)));
            LeavesNone(() => Initialisation.HeNormal(network, new SeededRandom(1)));
            LeavesNone(() => ExponentialMovingAverage.Update(average, network, ExponentialMovingAverage.Decay(500, 0.05, 4, 10_000), 1));
            LeavesNone(() => network.call(image).Dispose());
        }),
        (["PatchDiscriminator..ctor", "PatchDiscriminator.forward", "PatchDiscriminator.Maps", "EncoderNetwork..ctor", "EncoderNetwork.forward", "ResidualBlock..ctor", "ResidualBlock.forward"], _ =>
        {
            using var image = rand(1, 1, 32, 32);
            foreach (var network in (nn.Module<Tensor, Tensor>[])[new PatchDiscriminator(4), new PatchDiscriminator(4, 1, new SeededRandom(1)), new EncoderNetwork(), new ResidualBlock(1)])
                using (network)
                    LeavesNone(() => network.call(image).Dispose());
        }),
        (["CycleConsistencyLoss.Of", "IdentityLoss.Of", "EdgeAlignmentLoss.Of", "OutlineAtlasLoss.Of", "GradientDifferenceLoss.Of", "MutualInformationLoss.Of", "DiscriminatorFeatureLoss.Of", "PatchNceLoss.Of", "StructuralSimilarityLoss.Of", "LeastSquaresLoss.Generator", "LeastSquaresLoss.Discriminator", "InfoNceLoss.Of"], _ =>
        {
            using var scope = NewDisposeScope(); // a loss's intermediates belong to the step's scope
            var (x, y) = (rand(2, 1, 8, 8), rand(2, 1, 8, 8));
            foreach (var loss in (Tensor[])
            [
                CycleConsistencyLoss.Of(x, y), IdentityLoss.Of(x, y), EdgeAlignmentLoss.Of(x, y), OutlineAtlasLoss.Of(x, y), GradientDifferenceLoss.Of(x, y), MutualInformationLoss.Of(x, y, 8), DiscriminatorFeatureLoss.Of([x], [y]), PatchNceLoss.Of(x.flatten(2), y.flatten(2), 0.1), StructuralSimilarityLoss.Of(x, y),
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
        (["SuperResolutionMethod..ctor", "SuperResolutionMethod.TakeStep", "SuperResolutionMethod.Tensors", "SuperResolutionMethod.ExportedWeights", "SuperResolutionMethod.Samples", "SuperResolutionMethod.Error"], _ =>
        {
            using var method = new SuperResolutionMethod(TinySuperResolution.Game("esrgan"), TinySuperResolution.Images(3));
            for (var step = 0; step < 3; step++) method.TakeStep(step, 0.6); // gradients exist from the first step on
            LeavesNone(() => method.TakeStep(3, 0.6));
            LeavesNone(() => method.Samples());
            LeavesNone(() => method.Error(TinySuperResolution.Images(3)));
            LeavesNone(() => method.Counters = method.Counters);
            Assert.All(method.Tensors().Values.Concat(method.ExportedWeights().Values), tensor => Assert.False(tensor.IsInvalid)); // owned there
        }),
        (["SuperResolver..ctor", "SuperResolver.Load", "SuperResolver.Upscale", "SuperResolver.UpscaleVolume", "SuperResolver.Degrade", "SuperResolver.ThinSlices", "SuperResolver.Bicubic"], folder =>
        {
            var plan = TinySuperResolution.Plan("srresnet");
            using (var method = new SuperResolutionMethod(plan, TinySuperResolution.Images())) SafeTensors.Write(folder["weights.safetensors"], method.ExportedWeights());
            File.WriteAllText(folder["plan.json"], plan.ToJson());
            using var resolver = SuperResolver.Load(folder.Path, "cpu");
            LeavesNone(() => resolver.Upscale(new float[1000], 4, 250));
            LeavesNone(() => resolver.UpscaleVolume(new float[24], 2, 3, 4));
            LeavesNone(() =>
            {
                var through = plan with { Axes = "throughPlane" };
                using var networks = new SuperResolutionNetworks(through, null, CPU);
                using var thin = new SuperResolver(through, networks.ExportedWeights(), "cpu");
                thin.ThinSlices(new float[48], 2, 4, 6, 3, 4);
            });
            LeavesNone(() => resolver.Degrade(new float[24], 4, 6));
            LeavesNone(() => resolver.Bicubic(new float[24], 4, 6));
        }),
        (["SrResNet..ctor", "SrResNet.forward", "SrResNet.Initialise", "SrResidualBlock..ctor", "SrResidualBlock.forward", "Rrdb..ctor", "Rrdb.forward", "Rrdb.Initialise",
            "ResidualInResidual..ctor", "ResidualInResidual.forward", "DenseBlock..ctor", "DenseBlock.forward", "SubPixelUpsampling..ctor", "SubPixelUpsampling.forward", "SubPixelUpsampling.EqualSubPixels",
            "ConvolutionInitialisation.HeNormal", "ConvolutionInitialisation.EqualSubPixels", "BicubicUpsampling.Of", "SubPixel.Rearrange", "BicubicUpsampling.Kernel"], _ =>
        {
            using var image = rand(1, 1, 6, 6);
            using var residual = new SrResNet(Magnification.InPlane(4), 8, 1, 1, 4, batchNorm: true);
            using var dense = new Rrdb(Magnification.InPlane(4), 8, 1, 1, 4, growth: 4);
            LeavesNone(() => residual.Initialise(new SeededRandom(1)));
            LeavesNone(() => dense.Initialise(new SeededRandom(1)));
            LeavesNone(() => residual.call(image).Dispose());
            LeavesNone(() => dense.call(image).Dispose());
            LeavesNone(() => BicubicUpsampling.Of(image, Magnification.ThroughPlane(3)).Dispose());
            using var maps = rand(1, 4, 3, 3);
            LeavesNone(() => SubPixel.Rearrange(maps, Magnification.InPlane(2)).Dispose());
        }),
        (["SrganDiscriminator..ctor", "SrganDiscriminator.forward", "SrganDiscriminator.Initialise", "EncoderNetwork.Maps"], _ =>
        {
            using var image = rand(2, 1, 32, 32);
            using var discriminator = new SrganDiscriminator(4, 32);
            using var encoder = new EncoderNetwork();
            LeavesNone(() => discriminator.Initialise(new SeededRandom(1)));
            LeavesNone(() => discriminator.call(image).Dispose());
            LeavesNone(() => { foreach (var map in encoder.Maps(image)) map.Dispose(); });
        }),
        (["SqueezeNet..ctor", "SqueezeNet.forward", "SqueezeNetMaps.Load", "SqueezeNetMaps.Maps"], folder =>
        {
            using (var network = new SqueezeNet())
            {
                using var image = rand(1, 3, 40, 40);
                LeavesNone(() => network.call(image).Dispose());
                SafeTensors.Write(folder["squeezenet"], network.state_dict());
            }
            using var grey = rand(1, 1, 40, 40);
            using var maps = SqueezeNetMaps.Load(folder["squeezenet"], CPU);
            LeavesNone(() => { foreach (var map in maps.Maps(grey)) map.Dispose(); });
            SafeTensors.Write(folder["other"], new Dictionary<string, Tensor>());
            LeavesNone(() => Assert.Throws<InvalidDataException>(() => SqueezeNetMaps.Load(folder["other"], CPU)));
        }),
        (["AxisOperator..ctor", "AxisOperator.Apply", "AxisOperator.Identity", "AxisOperator.Then", "AcquisitionNoise.Rician", "AcquisitionNoise.Gaussian"], _ =>
        {
            using var image = rand(1, 1, 8, 8);
            LeavesNone(() => AxisOperator.Apply(image, AxisOperator.Identity(8), KSpaceTruncation.Of(8, 2, KSpaceWindow.Hann)).Dispose());
            LeavesNone(() => AcquisitionNoise.Rician(image, 0.1, new SeededRandom(1)).Dispose());
            LeavesNone(() => AcquisitionNoise.Gaussian(image, 0.1, 1, new SeededRandom(1)).Dispose());
        }),
        (["ContentLoss.Of", "FeatureLoss.Of", "NonSaturatingLoss..ctor", "NonSaturatingLoss.Discriminator", "NonSaturatingLoss.Generator", "MinimaxLoss..ctor", "MinimaxLoss.Discriminator", "MinimaxLoss.Generator",
            "RelativisticAverageLoss..ctor", "RelativisticAverageLoss.Discriminator", "RelativisticAverageLoss.Generator"], _ =>
        {
            using var scope = NewDisposeScope(); // a loss's intermediates belong to the step's scope
            using var encoder = new EncoderNetwork();
            var (x, y) = (rand(2, 1, 32, 32), rand(2, 1, 32, 32));
            foreach (var loss in (Tensor[])[ContentLoss.Of("charbonnier", x, y), FeatureLoss.Of(encoder, x, y)]) Assert.Equal([], loss.shape);
            foreach (var game in (IAdversarialLoss[])[new NonSaturatingLoss(), new MinimaxLoss(), new RelativisticAverageLoss()])
                Assert.Equal([], (game.Discriminator(x, y) + game.Generator(x, y)).shape);
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
        .. MetricScenarios,
        .. VolumeSuperResolution,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Live tensors are counted thread by thread: one lane, so that none is made on one thread and disposed of on another.
    private static CycleGanPlan Plan => TinyCohort.Plan with { Threads = 1 };

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
    public void EveryPublicEntryPoint_OfTrainingAndSampling_IsCounted()
    {
        var entryPoints =
            from type in typeof(Trainer).Assembly.GetExportedTypes()
            where type.Namespace!.StartsWith("MedGan.Models.Training", StringComparison.Ordinal) || type.Namespace.StartsWith("MedGan.Models.Sampling", StringComparison.Ordinal)
            where !type.IsInterface && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(TrainingPlan)) && HandlesTensors(type)
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where member is ConstructorInfo or MethodInfo { IsSpecialName: false } && member.Name != nameof(IDisposable.Dispose)
            where !member.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) // of a record
            select $"{type.Name}.{member.Name}";
        Assert.Empty(entryPoints.Distinct().Except(Scenarios.SelectMany(s => s.EntryPoints)).Order());
    }

    // whether a field, signature or local variable of the type, or of what it is made of, is torch's
    private static bool HandlesTensors(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        static bool IsTorch(Type t) => t.Assembly == typeof(torch).Assembly || t.GetGenericArguments().Any(IsTorch) || (t.HasElementType && IsTorch(t.GetElementType()!));
        return type.GetFields(all).Any(f => IsTorch(f.FieldType))
            || type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)).Any(m =>
                (m is MethodInfo method && IsTorch(method.ReturnType)) || m.GetParameters().Any(p => IsTorch(p.ParameterType)) || (m.GetMethodBody()?.LocalVariables.Any(v => IsTorch(v.LocalType)) ?? false))
            || type.GetNestedTypes(all).Any(HandlesTensors);
    }

    [Fact]
    public void Training_HoldsNoMoreTensorsStepByStep()
    {
        using var folder = new TemporaryFolder();
        using var trainer = TinyCohort.Trainer(Plan with { MaxSteps = 12 });
        var counts = new List<long>();
        trainer.Run(folder.Path, new Recorder { Then = _ => counts.Add(Live) }, Ct);
        Assert.All(counts[4..], count => Assert.Equal(counts[3], count)); // gradients exist from the first step on, the pools are full at the second
    }

    [Fact]
    public void FailedCalls_LeaveNoTensor()
    {
        using var folder = new TemporaryFolder();
        LeavesNone(() => Assert.Throws<ArgumentException>(() => new CycleGanMethod(Plan, TinyCohort.A, [])));
        using (var trainer = Trainer()) trainer.Export(folder["model"]);
        File.WriteAllText(folder["model/plan.json"], (Plan with { GeneratorWidth = 5 }).ToJson());
        LeavesNone(() => Assert.Throws<InvalidDataException>(() => Translator.Load(folder["model"], "cpu")));
        var file = File.ReadAllBytes(folder["model/weights.safetensors"]);
        LeavesNone(() => Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(file[..^1]))));
    }

    private static Trainer Trainer() => TinyCohort.Trainer(Plan);

    private static void LeavesNone(Action act)
    {
        var before = Live;
        act();
        Assert.Equal(before, Live);
    }
}
