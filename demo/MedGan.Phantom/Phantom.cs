using MedGan.Dicom.Volumes;
using MedGan.Phantoms.Scanners;

namespace MedGan.Phantoms;

/// <summary>The digital head: images of made-up patients whose anatomy, and therefore whose image in every other modality, is known exactly.</summary>
public static class Phantom
{
    /// <summary>An image as a scanner gives it: CT in HU with noise and cupping, MR with coil shading and Rician noise, normalised. Same patient, same bytes.</summary>
    public static Volume Render(PhantomPatient patient, PhantomModality modality, PhantomGrid grid) => Image(patient, modality, grid, artefacts: true);

    /// <summary>The same image without noise and shading: what a perfect scanner would give.</summary>
    public static Volume Truth(PhantomPatient patient, PhantomModality modality, PhantomGrid grid) => Image(patient, modality, grid, artefacts: false);

    private static Volume Image(PhantomPatient patient, PhantomModality modality, PhantomGrid grid, bool artefacts)
    {
        var raster = TissueRaster.Of(patient, grid);
        if (modality == PhantomModality.Ct)
        {
            var hu = CtScanner.Ideal(patient, raster);
            if (artefacts)
                CtScanner.AddArtefacts(patient, raster, hu);
            return new Volume(Modality.CT, raster.Geometry, hu);
        }
        var signal = MrScanner.Ideal(modality, raster);
        if (artefacts)
            MrScanner.AddArtefacts(patient, modality, raster, signal);
        var unit = MrNormalization.Apply(signal);
        return new Volume(Modality.MR, raster.Geometry, signal, unit);
    }
}
