using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>How a folder is read.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>Rows and columns of the square images, at least 8.</summary>
    public required int Size { get; init; }

    /// <summary>What NIfTI files measure. Null: what they or their path say (ct, mr, mri, t1, t2, pd, flair), else CT where values lie below -200.</summary>
    public Modality? Modality { get; init; }

    /// <summary>A table with the columns file and patient. Null: patients.csv in the folder, where there is one.</summary>
    public string? PatientsCsv { get; init; }

    /// <summary>
    /// White of 16-bit pictures that do not say how many of their bits count. Null: the least 2^n - 1, n at least 8, that no such picture of the folder exceeds. A model
    /// must see new pictures with the white that it was trained with: <see cref="ImageFolder.White16"/>.
    /// </summary>
    public float? White16 { get; init; }

    /// <summary>Whether the volumes themselves are kept too: <see cref="ImageFolder.Volumes"/>.</summary>
    public bool KeepVolumes { get; init; }

    /// <summary>A folder whose volumes' field of view and slices those of the same name are seen with, so that pairs lie on each other.</summary>
    public ImageFolder? FramesOf { get; init; }
}
