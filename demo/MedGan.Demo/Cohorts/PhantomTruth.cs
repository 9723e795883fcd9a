using MedGan.Dicom.Volumes;
using MedGan.Phantoms;

namespace MedGan.Demo.Cohorts;

/// <summary>What the phantom knows of an uploaded patient.</summary>
/// <param name="Scanned">The modality that was uploaded.</param>
/// <param name="Scan">The scan as it was uploaded.</param>
/// <param name="OtherModality">What a perfect translation would give: the same head in the other modality, noise-free.</param>
internal sealed record PhantomTruth(PhantomModality Scanned, Volume Scan, Volume OtherModality)
{
    public static PhantomTruth Of(PhantomPatient patient, PhantomModality scanned) => new(scanned,
        Phantom.Render(patient, scanned, PhantomGrid.Default),
        Phantom.Truth(patient, scanned == PhantomModality.Ct ? PhantomModality.MrT1 : PhantomModality.Ct, PhantomGrid.Default));
}
