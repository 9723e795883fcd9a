using MedGan.Models.Checkpoints;
using MedGan.Models.Losses.Adversarial;
using MedGan.Models.Networks.Conditional;
using MedGan.Models.Regularizers;
using MedGan.Models.Sampling;
using MedGan.Models.Tests.Training.ClassConditional;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public partial class LiveTensorTests
{
    // class-conditional generation; a property, since fields of another part may not be there yet
    private static (string[] EntryPoints, Action<TemporaryFolder> Use)[] ClassConditional =>
    [
        (["ClassConditionalMethod..ctor", "ClassConditionalMethod.TakeStep", "ClassConditionalMethod.Tensors", "ClassConditionalMethod.ExportedWeights", "ClassConditionalMethod.Samples"], _ =>
        {
            using var method = new ClassConditionalMethod(TinyClasses.Plan("stylegan2-ada"), TinyClasses.Images);
            for (var step = 0; step < 2; step++) method.TakeStep(step, 0); // gradients are there from here on
            LeavesNone(() => method.TakeStep(2, 0));
            LeavesNone(() => method.Samples());
            LeavesNone(() => method.Tensors());
            LeavesNone(() => method.ExportedWeights());
            LeavesNone(() => method.Counters = method.Counters);
        }),
        (["ClassConditionalGenerator.Load", "ClassConditionalGenerator.Sample", "ClassConditionalGenerator.Latent", "ClassConditionalGenerator.FromLatents",
            "StyleSpace.Of", "StyleSpace.Images", "StyleSpace.Mix", "StyleSpace.Directions", "StyleSpace.Move", "StyleSpace.Project"], folder =>
        {
            using (var method = new ClassConditionalMethod(TinyClasses.Plan("stylegan2-ada"), TinyClasses.Images)) SafeTensors.Write(folder["weights.safetensors"], method.ExportedWeights());
            File.WriteAllText(folder["plan.json"], TinyClasses.Plan("stylegan2-ada").ToJson());
            using var generator = ClassConditionalGenerator.Load(folder.Path, "cpu");
            LeavesNone(() => generator.Sample("disc", 40, 1, 0.7)); // more than one chunk
            LeavesNone(() => generator.FromLatents("disc", [generator.Latent(1)]));
            LeavesNone(() => generator.Styles.Images([generator.Styles.Mix(generator.Styles.Of("disc", generator.Latent(1)), generator.Styles.Of("ring", generator.Latent(2), 0.5), 2)]));
            LeavesNone(() => generator.Styles.Move(generator.Styles.Of("disc", generator.Latent(1)), generator.Styles.Directions(2)[1], 1));
            LeavesNone(() => generator.Styles.Project(TinyClasses.Images[0].Pixels, "disc", steps: 3, ct: Ct));
        }),
        (["DcganGenerator..ctor", "DcganGenerator.forward", "ResidualGenerator..ctor", "ResidualGenerator.forward", "StyleGan2Generator..ctor", "StyleGan2Generator.forward",
            "StyleGan2Generator.Map", "StyleGan2Generator.Synthesise", "StyleGan2Generator.StyleWeights", "R3ganGenerator..ctor", "R3ganGenerator.forward",
            "DcganDiscriminator..ctor", "DcganDiscriminator.Features", "DcganDiscriminator.Score", "ResidualDiscriminator..ctor", "ResidualDiscriminator.Features", "ResidualDiscriminator.Score",
            "StyleGan2Discriminator..ctor", "StyleGan2Discriminator.Features", "StyleGan2Discriminator.Score", "R3ganDiscriminator..ctor", "R3ganDiscriminator.Features", "R3ganDiscriminator.Score",
            "ConditionalDiscriminator..ctor", "ConditionalDiscriminator.forward", "ConditionalGenerator..ctor"], _ =>
        {
            foreach (var method in ConditionalSettings.Methods.Keys)
            {
                using var networks = new ConditionalNetworks(TinyClasses.Plan(method), CPU);
                using var z = ones(2, 15);
                using var y = zeros(2, dtype: ScalarType.Int64);
                using var image = networks.G.call(z, y);
                LeavesNone(() => networks.G.call(z, y).Dispose());
                LeavesNone(() => networks.D.call(image, y).Dispose());
                if (networks.G is StyleGan2Generator style) LeavesNone(() => style.StyleWeights().Dispose());
            }
        }),
        (["SelfAttention..ctor", "SelfAttention.forward", "ConditionalBatchNorm..ctor", "ConditionalBatchNorm.forward", "MinibatchStandardDeviation..ctor", "MinibatchStandardDeviation.forward",
            "Resampling.Up", "Resampling.Down", "Resampling.Repeat"], _ =>
        {
            using var x = rand(4, 8, 4, 4);
            using var condition = rand(4, 3);
            using var attention = new SelfAttention(8, new SeededRandom(1), spectral: true);
            using var norm = new ConditionalBatchNorm(8, 3, new SeededRandom(1), spectral: false);
            using var deviation = new MinibatchStandardDeviation();
            foreach (var use in (Func<Tensor>[])[() => attention.call(x), () => norm.call(x, condition), () => deviation.call(x), () => Resampling.Up(x), () => Resampling.Down(x), () => Resampling.Repeat(x)])
                LeavesNone(() => use().Dispose());
        }),
        (["DifferentiableAugmentation..ctor", "DifferentiableAugmentation.Apply"], _ =>
        {
            using var x = rand(4, 1, 16, 16);
            foreach (var probability in new[] { 0, 0.5, 1 })
                LeavesNone(() => new DifferentiableAugmentation(0.1, 10, 0.1, 0.1, 0.3, false).Apply(x, probability, new SeededRandom(1)).Dispose());
            LeavesNone(() => new DifferentiableAugmentation(0, 0, 0, 0, 0, false).Apply(x, 1, new SeededRandom(1)).Dispose());
        }),
        ([.. AdversarialLosses.Names.Select(name => AdversarialLosses.Named(name).GetType().Name).SelectMany(type => new[] { $"{type}..ctor", $"{type}.Discriminator", $"{type}.Generator" }),
            "GradientNormPenalty.Of", "WassersteinGradientPenalty.Of", "OrthogonalPenalty.Of", "WeightClipping.Apply", "FeatureMatchingLoss.Of", "ConsistencyPenalty.Of",
            "LeCamPenalty..ctor", "LeCamPenalty.Of", "PathLengthPenalty..ctor", "PathLengthPenalty.Of"], _ =>
        {
            using var leCam = new LeCamPenalty(0.9, CPU);
            using var path = new PathLengthPenalty(CPU);
            using var network = nn.Linear(3, 2);
            LeavesNone(() => WeightClipping.Apply(network, 0.01));
            using var scope = NewDisposeScope(); // a loss's intermediates belong to the step's scope
            var (x, y, image) = (rand(4), rand(4), rand(4, 1, 2, 2).requires_grad_(true));
            foreach (var name in AdversarialLosses.Names)
            {
                AdversarialLosses.Named(name).Discriminator(x, y);
                AdversarialLosses.Named(name).Generator(x, y);
            }
            GradientNormPenalty.Of(image.square().flatten(1).sum(1), image);
            WassersteinGradientPenalty.Of(u => u.square().flatten(1).sum(1), image.detach(), image.detach(), x);
            OrthogonalPenalty.Of(network);
            FeatureMatchingLoss.Of(x.unsqueeze(1), y.unsqueeze(1));
            ConsistencyPenalty.Of(x, y);
            leCam.Of(x, y);
            var styles = rand(4, 1, 4).requires_grad_(true);
            path.Of(styles.square().reshape(4, 1, 2, 2), styles, image.detach());
        }),
    ];
}
