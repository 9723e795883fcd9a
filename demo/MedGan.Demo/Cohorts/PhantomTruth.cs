using MedGan.Dicom.Volumes;
using MedGan.Phantoms;

namespace MedGan.Demo.Cohorts;

/// <summary>What the phantom knows of an uploaded patient; rendered when it is asked for, since only some patients are compared.</summary>
internal sealed class PhantomTruth(PhantomPatient patient, PhantomModality scanned)
{
    private readonly Lazy<Volume> _scan = new(() => Phantom.Render(patient, scanned, PhantomGrid.Default));
    private readonly Lazy<Volume> _other = new(() => Phantom.Truth(patient, scanned == PhantomModality.Ct ? PhantomModality.MrT1 : PhantomModality.Ct, PhantomGrid.Default));

    /// <summary>The modality that was uploaded.</summary>
    public PhantomModality Scanned { get; } = scanned;

    /// <summary>The scan as it was uploaded.</summary>
    public Volume Scan => _scan.Value;

    /// <summary>What a perfect translation would give: the same head in the other modality, noise-free.</summary>
    public Volume OtherModality => _other.Value;
}
