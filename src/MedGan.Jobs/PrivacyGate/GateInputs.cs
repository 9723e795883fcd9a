using MedGan.Dicom.Volumes;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Images;
using MedGan.Privacy.ReleaseGate;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>Puts together what the gate judges by: the real images that trained, those that were held out, and the generated ones.</summary>
internal static class GateInputs
{
    /// <summary>
    /// For one generated modality. Where none of its patients is held out, the other modality's held-out patients calibrate; where
    /// that has none either, all of its patients do, and the report says that they took part in the training.
    /// </summary>
    public static GateInput Of(Modality target, CohortImages cohort, IReadOnlyList<GateImage> generated)
    {
        var (heldOut, kind) = Calibrating(target, cohort);
        return new GateInput(cohort.Size, Real(cohort.Training(target)), Real(heldOut), kind, generated);
    }

    private static (IReadOnlyList<CohortImage> Images, HeldOutKind Kind) Calibrating(Modality target, CohortImages cohort)
    {
        if (cohort.HeldOut(target) is { Count: > 0 } same) return (same, HeldOutKind.SameModality);
        var other = SyntheticVolume.Other(target);
        return cohort.HeldOut(other) is { Count: > 0 } heldOut ? (heldOut, HeldOutKind.OtherModality) : (cohort.Of(other), HeldOutKind.OtherModalityTrained);
    }

    /// <summary>One generated slice as the gate sees it: what will be published, sampled on the grid that the generator painted on.</summary>
    public static GateImage Generated(string id, string sourcePatient, Volume synthetic, int slice, InPlaneGrid grid, string contentSha256)
    {
        var pixels = grid.Sample(synthetic, slice, Intensity.OutsideValue(synthetic.Modality));
        Intensity.ToModel(synthetic.Modality, pixels);
        return new GateImage(id, sourcePatient, pixels, contentSha256);
    }

    private static IReadOnlyList<GateImage> Real(IEnumerable<CohortImage> images) =>
        [.. images.Select(image => new GateImage(image.Id, image.Patient, image.Slice.Pixels, ContentSha256: ""))];
}
