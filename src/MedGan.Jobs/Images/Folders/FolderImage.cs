using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>What belongs together in a folder: the slices of a volume, or the numbered pictures of one patient beside each other.</summary>
/// <param name="Name">Path below the folder that was read, "/" between its parts, without extension.</param>
/// <param name="Patient">Whose it is: the unit of every split.</param>
/// <param name="Class">The first sub-folder on the way to it, else the folder's own name.</param>
public sealed record FolderSeries(string Name, string Patient, string Class);

/// <summary>One square image of a folder, as a model sees it.</summary>
/// <param name="Name">Path below the folder, "/" between its parts, without extension; of a volume's slice: the volume's name, "/", the slice's index. The same name in another folder is its pair.</param>
/// <param name="Series">What it belongs to.</param>
/// <param name="Slice">Place within the series: index in the volume, or the last number in a picture's name (0 without one).</param>
/// <param name="Pixels">Size x size, row by row, in [-1, 1].</param>
/// <param name="Inside">Size x size, true inside the head; null for pictures, of which it is not known.</param>
/// <param name="Scale">How its values became [-1, 1].</param>
/// <param name="Placement">How it lies on its file's pixels.</param>
public sealed record FolderImage(string Name, FolderSeries Series, int Slice, float[] Pixels, bool[]? Inside, IntensityScale Scale, ImagePlacement Placement)
{
    /// <summary>Whose it is.</summary>
    public string Patient => Series.Patient;

    /// <summary>What it measures; null for pictures, which do not say.</summary>
    public Modality? Modality => Scale.Modality;

    /// <summary>Its class.</summary>
    public string Class => Series.Class;
}

/// <summary>A volume of a folder, on its own voxels.</summary>
/// <param name="Series">Its name and patient.</param>
/// <param name="Volume">CT in HU, MR relative.</param>
public sealed record FolderVolume(FolderSeries Series, Volume Volume);

/// <summary>A file, or a DICOM series, that gave no image.</summary>
/// <param name="Path">Below the folder that was read.</param>
/// <param name="Reason">Why, in a plain sentence.</param>
public sealed record LeftOutFile(string Path, string Reason);

/// <summary>A folder that cannot be used at all; the message says why and names the folder.</summary>
public sealed class ImageFolderException(string message) : Exception(message);
