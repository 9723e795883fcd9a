using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;
using MedGan.Testing;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public partial class LiveTensorTests
{
    private static (string[] EntryPoints, Action<TemporaryFolder> Use)[] VolumeSuperResolution =>
    [
        (["VolumeSuperResolutionMethod..ctor", "VolumeSuperResolutionMethod.TakeStep", "VolumeSuperResolutionMethod.Error", "VolumeSuperResolutionMethod.Tensors", "VolumeSuperResolutionMethod.ExportedWeights",
            "VolumeSuperResolutionMethod.Samples", "VolumeResolver.Load", "VolumeResolver.ThinSlices"], folder =>
        {
            var plan = VolumeSuperResolutionTests.Plan;
            var method = new VolumeSuperResolutionMethod(plan, VolumeSuperResolutionTests.Volumes);
            using var trainer = new Trainer(plan, method);
            trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
            LeavesNone(() => trainer.Samples());
            LeavesNone(() => method.Error(VolumeSuperResolutionTests.Volumes));
            trainer.Export(folder["model"]);
            using var resolver = VolumeResolver.Load(folder["model"], "cpu");
            LeavesNone(() => resolver.ThinSlices(new float[120], 2, 6, 10, 5, 8));
        }),
        (["SrResNet3d..ctor", "SrResNet3d.forward", "SrResNet3d.Initialise", "SubSliceUpsampling..ctor", "SubSliceUpsampling.forward", "SubSliceUpsampling.Rearrange", "SubSliceUpsampling.EqualSubPixels"], _ =>
        {
            using var volume = rand([1, 1, 2, 5, 5]);
            using var network = new SrResNet3d(4, 4, 1, 4);
            LeavesNone(() => network.Initialise(new SeededRandom(1)));
            LeavesNone(() => network.call(volume).Dispose());
        }),
    ];
}
