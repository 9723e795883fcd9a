using MedGan.Privacy.Memorization;
using MedGan.Privacy.ReleaseGate;
using Xunit;

namespace MedGan.Tests.Privacy.ReleaseGate;

using Gate = MedGan.Privacy.ReleaseGate.ReleaseGate;

public sealed class GateTests
{
    private static readonly List<GateImage> training = Heads.Cohort("train", 30, 8, 1);
    private static readonly List<GateImage> heldOut = Heads.Cohort("held", 12, 8, 2);
    private static readonly List<GateImage> fresh = Heads.Cohort("fresh", 25, 8, 3);

    private static GateOutcome Judge(IReadOnlyList<GateImage> generated, IReadOnlyList<GateImage>? held = null, EmbedImages? embed = null,
        GateOptions? options = null, HeldOutKind kind = HeldOutKind.SameModality, IReadOnlyList<GateImage>? train = null, int size = Heads.Size) =>
        new Gate(GateKey.Create(), options ?? new GateOptions { PlantedImages = 20 }, embed ?? Heads.Embed)
            .Judge(new GateInput(size, train ?? training, held ?? heldOut, kind, generated), null, TestContext.Current.CancellationToken);

    [Fact]
    public void Gate_FreshPatients_AreReleasedAtAboutTheStatedFalseAlarmRate()
    {
        var outcome = Judge(fresh);
        Assert.True(outcome.Report.Certified, string.Join(' ', outcome.Report.WhyNotCertified));
        Assert.Equal(1.0 / heldOut.Count, outcome.Report.Calibration!.TargetFalseAlarm, 10);
        Assert.Equal(fresh.Count, outcome.Released.Count + outcome.Withheld.Count);
        Assert.InRange(outcome.Withheld.Count, 0, 12); // 200 images at 1/96: 2 expected
    }

    [Fact]
    public void Gate_FalseAlarmRateAskedFor_IsMetOnFreshPatients()
    {
        var outcome = Judge(fresh, options: new GateOptions { PlantedImages = 5, FalseAlarmPerImage = 0.1 });
        Assert.InRange(outcome.Withheld.Count, 1, 40); // 20 expected if the views were independent
        Assert.InRange(outcome.Report.FalseAlarm!.Images!.Rate, 0.005, 0.2);
        Assert.Equal(heldOut.Count, outcome.Report.FalseAlarm.Images.Of);
        Assert.Equal(12, outcome.Report.FalseAlarm.Patients!.Of);
    }

    [Fact]
    public void Gate_ExactCopyOfTrainingImage_IsWithheldAndNamed()
    {
        var copy = Heads.Image("copy", "g", (float[])training[17].Pixels.Clone());
        var outcome = Judge([.. fresh.Take(20), copy]);
        var withheld = Assert.Single(outcome.Withheld, w => w.ImageId == "copy");
        Assert.Equal(training[17].Id, withheld.Evidence.NearestTrainingId);
        Assert.Contains(withheld.Reasons, reason => reason.Contains(training[17].Id, StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Released, r => r.ImageId == "copy");
    }

    [Theory]
    [InlineData(Mirror.LeftRight)]
    [InlineData(Mirror.UpDown)]
    [InlineData(Mirror.HalfTurn)]
    public void Gate_MirroredCopyOfTrainingImage_IsWithheldAndTheMirrorNamed(Mirror mirror)
    {
        var outcome = Judge([Heads.Image("copy", "g", Mirroring.Apply(training[40].Pixels, Heads.Size, mirror))]);
        var score = Assert.Single(outcome.Withheld).Evidence.Scores.Single(s => s.Detector == "ncc-detail");
        Assert.Equal((training[40].Id, mirror), (score.NearestTrainingId, score.Mirror));
    }

    [Fact]
    public void Gate_NearCopyOfTrainingImage_IsWithheld()
    {
        var random = new Random(4);
        float[] noisy = [.. training[5].Pixels.Select(v => (float)Math.Clamp(0.9 * v + 0.03 * Heads.Normal(random), -1, 1))];
        Assert.Single(Judge([Heads.Image("near", "g", noisy)]).Withheld);
    }

    [Fact]
    public void Gate_SelfTest_ReportsEveryKindOfCopyAndDecidesByExactAndMirroredOnes()
    {
        var report = Judge([fresh[0]]).Report;
        Assert.Equal(4, report.SelfTest.Count(copies => copies.Deciding));
        Assert.All(report.SelfTest.Where(copies => copies.Deciding), copies => Assert.Equal((20, 20), (copies.Found.Count, copies.Found.Of)));
        Assert.True(report.SelfTest.Count(copies => !copies.Deciding) >= 6);
    }

    [Fact]
    public void Gate_WithThresholdsThatNoCopyExceeds_IsNotCertifiedAndReleasesNothing()
    {
        // So rare a false alarm puts the tail's quantile at a correlation of one.
        var outcome = Judge(fresh, options: new GateOptions { PlantedImages = 20, FalseAlarmPerImage = 1e-300 });
        Assert.False(outcome.Report.Certified);
        Assert.Empty(outcome.Released);
        Assert.All(outcome.Withheld, w => Assert.Contains("missed planted copies", w.Reasons[0], StringComparison.Ordinal));
    }

    [Fact]
    public void Gate_HeldOutDuplicateOfTrainingImage_IsNamedAndDoesNotCalibrate()
    {
        var duplicate = training[3] with { Id = "same again", PatientId = "second name" };
        var clean = Judge(fresh).Report.Calibration!;
        var report = Judge(fresh, [.. heldOut, duplicate]).Report.Calibration!;
        Assert.Equal(["same again"], report.SuspectedDuplicates);
        Assert.Equal(clean.Thresholds, report.Thresholds);
    }

    [Fact]
    public void Gate_NothingToCalibrateWith_WithholdsEverythingAndSaysSo()
    {
        var outcome = Judge(fresh, []);
        Assert.Empty(outcome.Released);
        Assert.False(outcome.Report.Certified);
        Assert.Contains("nothing to calibrate", outcome.Withheld[0].Reasons[0], StringComparison.Ordinal);
        Assert.Equal(fresh.Count, outcome.Withheld.Count);
    }

    [Fact]
    public void Gate_HeldOutImagesOfTrainingPatients_DoNotCalibrate()
    {
        var outcome = Judge(fresh, [.. heldOut.Select(image => image with { PatientId = "train3" })]);
        Assert.Empty(outcome.Released);
        Assert.Equal(heldOut.Count, outcome.Report.Calibration!.SamePatientImages);
    }

    [Fact]
    public void Gate_EmbeddingThatThrows_WithholdsEverythingAndKeepsItsMessageOut()
    {
        var outcome = Judge(fresh, embed: _ => throw new InvalidOperationException("secret path"));
        Assert.Empty(outcome.Released);
        Assert.Equal(fresh.Count, outcome.Withheld.Count);
        Assert.DoesNotContain("secret path", outcome.Report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Gate_EmbeddingWithNaN_WithholdsEverything() =>
        Assert.Empty(Judge(fresh, embed: images => [.. images.Select(_ => new[] { float.NaN, 1 })]).Released);

    [Fact]
    public void Gate_ImagesThatCannotBeJudged_AreWithheldAndTheOthersAreNot()
    {
        float[] broken = (float[])fresh[0].Pixels.Clone(), infinite = (float[])fresh[0].Pixels.Clone();
        broken[77] = float.NaN;
        infinite[3] = float.PositiveInfinity;
        var outcome = Judge([fresh[1] with { Id = "nan", Pixels = broken }, fresh[1] with { Id = "inf", Pixels = infinite },
            fresh[1] with { Id = "small", Pixels = new float[9] }, fresh[1] with { Id = "unsealed", ContentSha256 = "" },
            fresh[2] with { Id = "twice" }, fresh[3] with { Id = "twice" }, Heads.Image("grey", "g", [.. Enumerable.Repeat(0.3f, Heads.Size * Heads.Size)]), fresh[4]]);
        Assert.Equal(["nan", "inf", "small", "unsealed", "twice", "twice", "grey"], outcome.Withheld.Select(w => w.ImageId));
        Assert.Equal([fresh[4].Id], outcome.Released.Select(r => r.ImageId));
        Assert.All(outcome.Withheld, w => Assert.NotEmpty(w.Reasons));
    }

    [Fact]
    public void Gate_ImageOfAirOnly_IsReleasedAsEmpty()
    {
        var random = new Random(2);
        float[] air = [.. Enumerable.Range(0, Heads.Size * Heads.Size).Select(_ => (float)(-1 + 0.01 * random.NextDouble()))];
        var outcome = Judge([Heads.Image("air", "g", air)]);
        Assert.Equal(EvidenceKind.Empty, Assert.Single(outcome.Released).Evidence.Kind);
        Assert.Equal(1, outcome.Report.ReleasedEmpty);
    }

    [Fact]
    public void Gate_FaintCopyHiddenInTheAir_IsNotTakenForEmpty()
    {
        float[] faint = [.. training[9].Pixels.Select(v => -1 + 0.04f * (v + 1))];
        Assert.Equal("faint", Assert.Single(Judge([Heads.Image("faint", "g", faint)]).Withheld).ImageId);
    }

    [Theory]
    [InlineData(HeldOutKind.OtherModality, "that took no part in training")]
    [InlineData(HeldOutKind.OtherModalityTrained, "that **took part in training**")]
    public void Gate_CalibratedOnTheOtherModality_IsStricterHereAndSaysWhoCalibrated(HeldOutKind kind, string who)
    {
        List<GateImage> other = [.. heldOut.Take(40).Select(image => image with { PatientId = "held0", Pixels = AsOtherModality(image.Pixels) })];
        var outcome = Judge(fresh, other, kind: kind);
        var same = Judge(fresh);
        Assert.Null(outcome.Report.FalseAlarm!.Images);
        Assert.NotNull(outcome.Report.FalseAlarm.WhyNotMeasured);
        double Detail(GateOutcome o) => o.Report.Calibration!.Thresholds.Single(t => t.Detector == "ncc-detail").Threshold;
        Assert.True(Detail(outcome) < Detail(same));
        Assert.True(outcome.Withheld.Count > same.Withheld.Count);
        Assert.Contains("**other** modality " + who, outcome.Report.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("expected, not measured", outcome.Report.ToMarkdown(), StringComparison.Ordinal);
    }

    /// <summary>A bright rim, as of bone, around a flat inside.</summary>
    private static float[] AsOtherModality(float[] pixels)
    {
        bool Inside(int at) => at >= 0 && at < pixels.Length && pixels[at] > -0.9f;
        int[] around = [-2, 2, -2 * Heads.Size, 2 * Heads.Size];
        return [.. pixels.Select((v, at) => !Inside(at) ? v : around.All(step => Inside(at + step)) ? -0.4f + 0.02f * v : 0.9f)];
    }

    [Theory]
    [InlineData(30)]
    [InlineData(8)]
    public void Gate_SizeThatCannotBeHalvedTwice_WithholdsEverything(int size) => Assert.Empty(Judge(fresh, size: size).Released);

    [Fact]
    public void Gate_NoTrainingImages_WithholdsEverything() => Assert.Empty(Judge(fresh, train: []).Released);

    [Fact]
    public void Gate_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new Gate(GateKey.Create(), new GateOptions(), Heads.Embed)
            .Judge(new GateInput(Heads.Size, training, heldOut, HeldOutKind.SameModality, fresh), null, cancelled.Token));
    }

    [Fact]
    public void Options_OutOfRange_AreAllNamedAtOnce() =>
        Assert.Equal(4, new GateOptions { FalseAlarmPerImage = 0, LeastHeldOutImages = 1, PlantedImages = 0, EmptyForegroundFraction = 1 }.Validate().Count);

    [Fact]
    public void Gate_SetOfCopies_IsFarBelowZeroInTheThreeSampleTestAndFreshPatientsAreNot()
    {
        Assert.All(Judge([.. training.Take(40).Select(image => Heads.Image("c" + image.Id, "g", image.Pixels))]).Report.SetCloseness, view => Assert.True(view.Z < -5));
        Assert.All(Judge(fresh).Report.SetCloseness, view => Assert.InRange(view.Z, -5, 5));
    }

    [Fact]
    public void Report_SurvivesJson()
    {
        var report = Judge([fresh[0], Heads.Image("copy", "g", training[0].Pixels)]).Report;
        Assert.Equal(report.ToJson(), GateReport.FromJson(report.ToJson()).ToJson());
        Assert.Contains("copy: Too close to training image train0/0", report.ToMarkdown(), StringComparison.Ordinal);
    }
}
