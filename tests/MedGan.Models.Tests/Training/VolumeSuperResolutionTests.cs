using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Sampling;
using MedGan.Models.Training;
using MedGan.Models.Training.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class VolumeSuperResolutionTests
{
    internal static VolumeSuperResolutionPlan Plan => new()
    {
        Method = "srresnet-3d", ImageSize = TinyVolumes.Size, PatchSize = 8, PatchDepth = 3, Factor = 2, GeneratorWidth = 8, Blocks = 1, TailWidth = 4, BatchSize = 2, LearningRate = 4e-3, EmaDecay = 0.9,
        MaxSteps = 6, CheckpointEverySteps = 2, SampleEverySteps = 3, Device = "cpu", Threads = 1, Seed = 5,
    };

    internal static TrainingVolume[] Volumes { get; } = [.. TinyVolumes.Pairs.Select(p => new TrainingVolume(p.PatientId, p.Slices, p.Source))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void KilledTraining_GoesOnFromItsCheckpoint_ToTheBit()
    {
        using var folder = new TemporaryFolder();
        void Train(string name, TinyPairs.Follower follower)
        {
            using var trainer = new Trainer(Plan, new VolumeSuperResolutionMethod(Plan, Volumes));
            trainer.Restore(folder[name]);
            trainer.Run(folder[name], follower, Ct);
            trainer.Export(folder[name + "-model"]);
        }
        Train("undisturbed", new());
        Assert.Throws<InvalidOperationException>(() => Train("killed", new() { Then = step => { if (step == 5) throw new InvalidOperationException("killed"); } }));
        Train("killed", new());
        Assert.Equal(File.ReadAllBytes(folder["undisturbed-model/weights.safetensors"]), File.ReadAllBytes(folder["killed-model/weights.safetensors"]));
    }

    [Fact]
    public void TrainedModel_IsNearerToThinSlicesThanBicubic_OnAVolumeThatItHasNotSeen()
    {
        var plan = Plan with { MaxSteps = 200 };
        double bicubic;
        using (var untrained = new VolumeSuperResolutionMethod(plan, Volumes[..3]))
        {
            foreach (var weight in untrained.ExportedWeights().Values) using (no_grad()) weight.zero_();
            bicubic = untrained.Error(Volumes[3..]);
        }
        using var method = new VolumeSuperResolutionMethod(plan, Volumes[..3]);
        for (var step = 0; step < 200; step++) method.TakeStep(step, step / 200.0);
        Assert.True(method.Error(Volumes[3..]) < 0.93 * bicubic, $"{method.Error(Volumes[3..])} against {bicubic}");
    }

    [Fact]
    public void Error_WithoutDetail_IsThatOfBicubicInterpolationOfAveragedSlices()
    {
        var plan = Plan with { SliceThickness = 0.25 }; // 0.5 slices wide: nothing but the two in the middle of which it lies
        using var method = new VolumeSuperResolutionMethod(plan, Volumes);
        foreach (var weight in method.ExportedWeights().Values) using (no_grad()) weight.zero_();
        var (v, area) = (Volumes[0].Voxels, TinyVolumes.Size * TinyVolumes.Size);
        float Thick(int k, int i) => (v[2 * Math.Clamp(k, 0, 5) * area + i] + v[(2 * Math.Clamp(k, 0, 5) + 1) * area + i]) / 2;
        var squares = v.Select((truth, at) =>
        {
            var place = (at / area + 0.5) / 2 - 0.5;
            var made = Enumerable.Range((int)Math.Floor(place) - 1, 4).Sum(k => BicubicUpsampling.Kernel(place - k) * Thick(k, at % area));
            return Math.Pow(Math.Clamp(made, -1, 1) - truth, 2);
        });
        Assert.Equal(Math.Sqrt(squares.Average()), method.Error(Volumes[..1]), 2e-4);
    }

    [Fact]
    public void SubSlices_ComeFromTheirOwnChannels()
    {
        using var scope = NewDisposeScope();
        var maps = arange(2 * 2 * 3 * 2 * 2).to(ScalarType.Float32).reshape(1, 4, 3, 2, 2); // C = 2, r = 2
        var deep = SubSliceUpsampling.Rearrange(maps, 2);
        Assert.Equal([1, 2, 6, 2, 2], deep.shape);
        for (var c = 0; c < 2; c++)
            for (var z = 0; z < 6; z++)
                Assert.Equal(maps[0, 2 * c + z % 2, z / 2].sum().ToDouble(), deep[0, c, z].sum().ToDouble());
    }

    [Fact]
    public void Volume_OfAnySize_IsBicubicInterpolationOfTheWhole_AndTheNetworksDetail()
    {
        using var folder = new TemporaryFolder();
        using (var trainer = new Trainer(Plan, new VolumeSuperResolutionMethod(Plan, Volumes)))
        {
            trainer.Run(folder["checkpoints"], new TinyPairs.Follower(), Ct);
            trainer.Export(folder["model"]);
        }
        const int slices = 4, rows = 9, columns = 20; // fewer rows than a multiple of a patch
        var thick = Enumerable.Range(0, slices * rows * columns).Select(i => (float)Math.Sin(0.3 * i)).ToArray();
        using var resolver = VolumeResolver.Load(folder["model"], "cpu");
        var thin = resolver.ThinSlices(thick, slices, rows, columns, rows, columns);
        Assert.Equal(2 * thick.Length, thin.Length);
        // hardly trained, it adds little
        using var scope = NewDisposeScope();
        var bicubic = BicubicUpsampling.Of(tensor(thick, [1, 1, slices, rows * columns]), Magnification.ThroughPlane(2)).data<float>().ToArray();
        var added = thin.Zip(bicubic, (x, y) => Math.Abs(x - y)).ToArray();
        Assert.True(added.Max() is > 1e-5f and < 0.5f, $"{added.Max()}");
        Assert.Equal(2 * 2 * 5 * 6, resolver.ThinSlices(new float[2 * 5 * 6], 2, 5, 6, 5, 6).Length); // smaller than a patch
        Assert.Throws<ArgumentException>(() => resolver.ThinSlices(thick, slices, rows, columns + 1, 4, 4));
        Assert.Throws<InvalidDataException>(() => SuperResolver.Load(folder["model"], "cpu"));
    }

    [Fact]
    public void ImpossiblePlans_AndVolumes_AreRefused_AllErrorsAtOnce()
    {
        var errors = (Plan with { Factor = 7, PatchDepth = 1, PatchSize = 99, SliceShape = "round", Precision = "bf16", LearningRate = 0 }).Validate();
        foreach (var field in new[] { "factor", "patchDepth", "patchSize", "sliceShape", "precision", "learningRate" }) Assert.Contains(errors, e => e.StartsWith(field, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => new VolumeSuperResolutionMethod(Plan, []));
        Assert.Throws<ArgumentException>(() => new VolumeSuperResolutionMethod(Plan with { PatchDepth = 7 }, Volumes));
        Assert.Throws<ArgumentException>(() => new VolumeSuperResolutionMethod(Plan, [Volumes[0] with { Slices = 11 }]));
    }
}
