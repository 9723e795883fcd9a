using MedGan.Models.Checkpoints;
using MedGan.Models.Metrics;
using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public partial class LiveTensorTests
{
    private static IEnumerable<(string[] EntryPoints, Action<TemporaryFolder> Use)> MetricScenarios =>
    [
        (["FrechetDistance.Of", "FrechetDistance.AtInfinity", "KernelDistance.Of", "KernelDistance.OfSubsets"], _ =>
        {
            float[][] one = [[1, 2], [2, 1], [4, 3], [3, 5]], other = [[1, 1], [2, 3], [5, 3], [2, 2], [0, 1]];
            LeavesNone(() => FrechetDistance.Of(one, other));
            LeavesNone(() => FrechetDistance.AtInfinity(one, other, seed: 1));
            LeavesNone(() => KernelDistance.Of(one, other));
            LeavesNone(() => KernelDistance.OfSubsets(one, other, 3, 3, seed: 1));
        }),
        (["CohortFeatures..ctor", "CohortFeatures.Embed", "Evaluation.Of"], _ =>
        {
            using var features = new CohortFeatures(CohortEncoder.Train(TinyCohort.A, TinyCohort.Size, seed: 1, steps: 2, Ct), "discs");
            GreyImage[] images = [.. TinyCohort.A.Select(i => new GreyImage(TinyCohort.Size, TinyCohort.Size, i.Pixels)), new(40, 40, new float[1600])];
            LeavesNone(() => features.Embed(images));
            LeavesNone(() => Evaluation.Of(images, images, true, features, new EvaluationOptions { BootstrapRounds = 3, FrechetRounds = 3 }, Ct));
        }),
        (["SqueezeNetFeatures.Load", "SqueezeNetFeatures.Embed", "FeatureNetworks.Load"], folder =>
        {
            using (var network = new SqueezeNet())
            using (var image = zeros(1, 3, 40, 40))
            {
                LeavesNone(() => network.call(image).Dispose());
                SafeTensors.Write(folder["net"], network.state_dict());
            }
            using (var features = SqueezeNetFeatures.Load(folder["net"])) LeavesNone(() => features.Embed([new(20, 20, new float[400])]));
            FeatureNetworks.Load(folder["net"]).Dispose();
        }),
        (["SmallClassifier..ctor", "SmallClassifier.Initialise", "SmallClassifier.forward", "TrainOnSynthetic.Of"], _ =>
        {
            using var network = new SmallClassifier(3, 4);
            using var image = zeros(2, 1, 16, 16);
            LeavesNone(() => network.Initialise(new SeededRandom(1)));
            LeavesNone(() => network.call(image).Dispose());
            LabelledImage[] images = [.. TinyCohort.A.Select((i, n) => new LabelledImage(n % 2 == 0 ? "even" : "odd", i.Pixels))];
            TrainOnSynthetic.Of(images, images, images, [TrainingMaterial.Both], new ClassifierPlan { ImageSize = TinyCohort.Size, Steps = 2, Width = 4, Seeds = [1] }, Ct);
        }),
    ];
}
