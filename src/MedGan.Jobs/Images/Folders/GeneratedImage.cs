using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>How generated images are written.</summary>
public enum ImageFormat
{
    /// <summary>Grey, 16 bits: -1 is black, 1 is white.</summary>
    Png,

    /// <summary>One volume for each series, .nii.gz: CT in HU, MR relative, else grey levels to 65535.</summary>
    Nifti,

    /// <summary>CT or MR images where the modality is known, else Secondary Capture; labelled as synthetic.</summary>
    Dicom,
}

/// <summary>One image that a model has made.</summary>
/// <param name="Name">Its path below the output folder, "/" between its parts, without extension; that of the source, where it has one.</param>
/// <param name="Pixels">Size x size, row by row, in [-1, 1].</param>
/// <param name="Size">Pixels per side.</param>
/// <param name="Modality">What it shows; null where models see pictures that do not say.</param>
/// <param name="Source">The image that it was made from, on whose pixels it is laid; null for one made from noise.</param>
public sealed record GeneratedImage(string Name, float[] Pixels, int Size, Modality? Modality, FolderImage? Source = null)
{
    internal IntensityScale Scale => Modality is { } modality ? IntensityScale.Of(modality) : IntensityScale.Gray(NiftiContents.GrayWhite);

    /// <summary>The volume that its slice belongs to, if it does.</summary>
    internal VolumePlacement? Volume => Modality is not null ? Source?.Placement as VolumePlacement : null;
}

/// <summary>What names a set of generated images in DICOM.</summary>
/// <param name="Id">Unique to the set and of our own making: every UID follows from it, so the same set is written the same way again.</param>
/// <param name="ModelName">At most 64 characters.</param>
/// <param name="ModelVersion">At most 64 characters.</param>
/// <param name="MadeAt">When.</param>
public sealed record GeneratedSet(string Id, string ModelName, string ModelVersion, DateTimeOffset MadeAt);
