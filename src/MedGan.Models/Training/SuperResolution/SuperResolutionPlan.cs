using System.Text.Json.Serialization;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Models.Training.Degradation;

namespace MedGan.Models.Training.SuperResolution;

/// <summary>
/// A training of "srresnet" or "rrdb" (content loss only) or of "srgan" or "esrgan" (the same networks, first with the content loss, then against a discriminator).
/// Training images are degraded as <see cref="Degradation"/> says; pairs of patches are cut from both.
/// </summary>
public sealed record SuperResolutionPlan : TrainingPlan
{
    /// <summary>How many times finer the image becomes: 2, 3 or 4.</summary>
    public int Factor { get; init; } = 4;

    /// <summary>"inPlane" (rows and columns) or "throughPlane" (the slices of coronal and sagittal reformats, which are rows of these).</summary>
    public string Axes { get; init; } = "inPlane";

    /// <summary>Slices that the network sees, 1, 3 .. 9; the middle one is made finer. A training image has as many, one after the other.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>
    /// How coarse images come about: "kSpace" (MR: the middle of k-space only), "blur" (CT in plane: point spread function and larger pixels) or "sliceProfile" (through plane only:
    /// thick slices).
    /// </summary>
    public string Degradation { get; init; } = "kSpace";

    /// <summary>How the kept k-space is tapered: "none", "tukey" or "hann". Of kSpace only.</summary>
    public string? KSpaceWindow { get; init; }

    /// <summary>Full width at half maximum of the point spread function, in fine pixels, 0 .. 8. Of blur only.</summary>
    public double? BlurFwhm { get; init; }

    /// <summary>"gaussian" or "trapezoid". Of sliceProfile only.</summary>
    public string? SliceShape { get; init; }

    /// <summary>Slice thickness (full width at half maximum) as a share of the distance of thick slices, 0.25 .. 2; below 1 there are gaps. Of sliceProfile only.</summary>
    public double? SliceThickness { get; init; }

    /// <summary>"none", "rician" (MR) or "gaussian" (CT).</summary>
    public string Noise { get; init; } = "none";

    /// <summary>Largest standard deviation of the noise, share of the images' range, 0 .. 0.2; each patch has its own, from 0 to this.</summary>
    public double NoiseLevel { get; init; }

    /// <summary>Correlation of gaussian noise: full width at half maximum, coarse pixels, 0 .. 4.</summary>
    public double NoiseCorrelation { get; init; }

    /// <summary>Fine pixels per side of a patch; a multiple of the factor, and of 16 where there is a discriminator; 16 .. ImageSize.</summary>
    public int PatchSize { get; init; } = 96;

    /// <summary>Channels of the generator, 8 .. 128.</summary>
    public int GeneratorWidth { get; init; } = 64;

    /// <summary>Blocks of the generator, 1 .. 32: residual ones (16 in SRGAN), or residual-in-residual dense ones (23 in ESRGAN).</summary>
    public int Blocks { get; init; } = 16;

    /// <summary>Channels of the generator's layers above the coarse resolution, 4 .. 128.</summary>
    public int TailWidth { get; init; } = 64;

    /// <summary>Channels that a dense convolution adds, 4 .. 64. Of rrdb and esrgan only; 32 where not given.</summary>
    public int? Growth { get; init; }

    /// <summary>Batch normalisation in the generator, as SRGAN's paper has it. Of srresnet and srgan only, in single precision.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>"l1", "charbonnier" or "mse".</summary>
    public string ContentLoss { get; init; } = "charbonnier";

    /// <summary>Adam's learning rate, (0, 0.01].</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Decay per step of the averaged generator that is exported, [0, 1).</summary>
    public double EmaDecay { get; init; } = 0.99;

    /// <summary>Share of the budget with the content loss alone, 0 .. 0.95. Of srgan and esrgan.</summary>
    public double PretrainShare { get; init; } = 0.5;

    /// <summary>Channels of the discriminator's first layer, 4 .. 128. Of srgan and esrgan.</summary>
    public int DiscriminatorWidth { get; init; } = 64;

    /// <summary>Adam's learning rate of generator and discriminator after the pre-training, (0, 0.01]. Of srgan and esrgan.</summary>
    public double AdversarialRate { get; init; } = 1e-4;

    /// <summary>Weight of the content loss after the pre-training, 0 .. 1000. Of srgan and esrgan.</summary>
    public double LambdaContent { get; init; } = 1;

    /// <summary>Weight of the feature loss after the pre-training, 0 .. 1000; above 0 it needs a feature network. Of srgan and esrgan.</summary>
    public double LambdaFeature { get; init; }

    /// <summary>Weight of the adversarial loss after the pre-training, (0, 1000]. Of srgan and esrgan.</summary>
    public double LambdaAdversarial { get; init; } = 5e-3;

    /// <summary>What the feature loss compares with: "none", "cohort" (an encoder trained on patches of the training images first) or "squeezenet" (weights supplied in a file).</summary>
    public string FeatureNetwork { get; init; } = "none";

    /// <summary>Steps of the cohort's encoder, 1 .. 100000.</summary>
    public int FeatureSteps { get; init; } = 500;

    /// <summary>A model folder whose generator the training starts from, as the game of SRGAN and ESRGAN does from the content loss alone (1609.04802, section 3.2). Null: from random weights.</summary>
    public string? TransferFrom { get; init; }

    /// <summary>Whether a discriminator is trained.</summary>
    [JsonIgnore]
    public bool IsAdversarial => Method is "srgan" or "esrgan";

    [JsonIgnore]
    internal bool IsDense => Method is "rrdb" or "esrgan";

    /// <inheritdoc/>
    protected override bool Accumulates => true;

    [JsonIgnore]
    internal Magnification Magnification => Axes == "throughPlane" ? Magnification.ThroughPlane(Factor) : Magnification.InPlane(Factor);

    /// <summary>What degrades rows of this many fine pixels (and columns, in plane).</summary>
    internal AxisOperator AxisDegradation(int length) => Degradation switch
    {
        "kSpace" => KSpaceTruncation.Of(length, Factor, Enum.Parse<KSpaceWindow>(KSpaceWindow ?? "tukey", ignoreCase: true)),
        "blur" => DetectorBlur.Of(length, Factor, BlurFwhm ?? 1),
        _ => SliceProfile.Of(length, Factor, Enum.Parse<SliceShape>(SliceShape ?? "gaussian", ignoreCase: true), (SliceThickness ?? 1) * Factor, spacingMm: 1),
    };

    protected override void Check(PlanChecks checks)
    {
        checks.Whole(Factor, 2, 4, "factor");
        checks.OneOf(Axes, ["inPlane", "throughPlane"], "axes");
        checks.Require(Slices is >= 1 and <= 9 && Slices % 2 == 1, $"slices must be 1, 3, 5, 7 or 9, not {Slices}.");
        checks.Whole(ImageSize, 16, 4096, "imageSize");
        checks.Whole(PatchSize, 16, Math.Max(16, ImageSize), "patchSize");
        if (Factor is >= 2 and <= 4)
        {
            checks.Require(ImageSize % Factor == 0, $"imageSize must be a multiple of the factor {Factor}, not {ImageSize}.");
            checks.Require(PatchSize % Factor == 0, $"patchSize must be a multiple of the factor {Factor}, not {PatchSize}.");
        }
        CheckDegradation(checks);
        checks.Whole(GeneratorWidth, 8, 128, "generatorWidth");
        checks.Whole(Blocks, 1, 32, "blocks");
        checks.Whole(TailWidth, 4, 128, "tailWidth");
        checks.Whole(Growth ?? 32, 4, 64, "growth");
        checks.Require(Growth is null || IsDense, $"growth belongs to rrdb and esrgan: {Method} has no dense blocks.");
        checks.Require(!BatchNorm || !IsDense, $"batchNorm belongs to srresnet and srgan: {Method} normalises nothing.");
        checks.Require(!BatchNorm || Precision == "fp32", $"batchNorm needs precision fp32: its running means are not kept in {Precision}.");
        checks.OneOf(ContentLoss, Losses.ContentLoss.Kinds, "contentLoss");
        checks.Require(LearningRate is > 0 and <= 0.01, $"learningRate must be above 0 and at most 0.01, not {LearningRate}.");
        checks.Require(EmaDecay is >= 0 and < 1, $"emaDecay must be from 0 to below 1, not {EmaDecay}.");
        if (IsAdversarial) CheckAdversarial(checks);
        else checks.Require(FeatureNetwork == "none" && LambdaFeature == 0, $"featureNetwork and lambdaFeature belong to srgan and esrgan: {Method} is trained with the content loss alone.");
    }

    private void CheckAdversarial(PlanChecks checks)
    {
        checks.Require(PatchSize % 16 == 0, $"patchSize must be a multiple of 16 for the discriminator, not {PatchSize}.");
        checks.Require(BatchSize > 1, "batchSize must be at least 2 for the discriminator, which normalises each batch by itself.");
        checks.Real(PretrainShare, 0, 0.95, "pretrainShare");
        checks.Whole(DiscriminatorWidth, 4, 128, "discriminatorWidth");
        checks.Require(AdversarialRate is > 0 and <= 0.01, $"adversarialRate must be above 0 and at most 0.01, not {AdversarialRate}.");
        checks.Real(LambdaContent, 0, 1000, "lambdaContent");
        checks.Require(LambdaAdversarial is > 0 and <= 1000, $"lambdaAdversarial must be above 0 and at most 1000, not {LambdaAdversarial}: without it, train {(IsDense ? "rrdb" : "srresnet")}.");
        PerceptualFeatures.Check(checks, FeatureNetwork, FeatureSteps, LambdaFeature);
        checks.Require(FeatureNetwork == "none" || PatchSize >= 32, $"patchSize must be at least 32 for a feature network, not {PatchSize}.");
    }

    private void CheckDegradation(PlanChecks checks)
    {
        checks.OneOf(Degradation, ["kSpace", "blur", "sliceProfile"], "degradation");
        checks.Require(Degradation != "sliceProfile" || Axes == "throughPlane", "degradation sliceProfile needs axes throughPlane: in plane take kSpace or blur.");
        checks.Require(Degradation != "blur" || Axes == "inPlane", "degradation blur needs axes inPlane: through plane take sliceProfile or kSpace.");
        void Belongs(bool given, string field, string degradation) => checks.Require(!given || Degradation == degradation, $"{field} belongs to degradation {degradation}, not {Degradation}.");
        Belongs(KSpaceWindow is not null, "kSpaceWindow", "kSpace");
        Belongs(BlurFwhm is not null, "blurFwhm", "blur");
        Belongs(SliceShape is not null, "sliceShape", "sliceProfile");
        Belongs(SliceThickness is not null, "sliceThickness", "sliceProfile");
        if (KSpaceWindow is not null) checks.OneOf(KSpaceWindow, ["none", "tukey", "hann"], "kSpaceWindow");
        if (SliceShape is not null) checks.OneOf(SliceShape, ["gaussian", "trapezoid"], "sliceShape");
        checks.Real(BlurFwhm ?? 1, 0, 8, "blurFwhm");
        checks.Real(SliceThickness ?? 1, 0.25, 2, "sliceThickness");
        checks.OneOf(Noise, ["none", "rician", "gaussian"], "noise");
        checks.Require(Noise != "rician" || Degradation != "blur", "noise rician is that of MR: with degradation blur, which is CT's, take gaussian.");
        checks.Require(Noise != "gaussian" || Degradation != "kSpace", "noise gaussian is that of CT: with degradation kSpace, which is MR's, take rician.");
        checks.Real(NoiseLevel, 0, 0.2, "noiseLevel");
        checks.Require((NoiseLevel > 0) == (Noise != "none"), "noiseLevel above 0 needs a noise, and a noise needs noiseLevel above 0.");
        checks.Real(NoiseCorrelation, 0, 4, "noiseCorrelation");
        checks.Require(NoiseCorrelation == 0 || Noise == "gaussian", "noiseCorrelation belongs to noise gaussian.");
    }
}
