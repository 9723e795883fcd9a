namespace MedGan.Jobs.Images.Folders;

/// <summary>
/// A folder of DICOM series, NIfTI volumes, PNG and JPEG pictures, in any mixture and depth, as square images that a model can see: the same files give the same
/// images in the same order. What gave none is told, with the reason.
/// </summary>
/// <remarks>
/// CT and MR volumes go the way of all volumes (<see cref="HeadSlices"/>): one field of view about the head, air outside of it, slices with too little of a head left
/// out. Pictures, and series of fewer than four slices, fill the square with their longer side.
/// </remarks>
public sealed class ImageFolder
{
    private readonly IReadOnlyDictionary<string, (VolumePlacement Placement, int[] Slices)> frames;
    private readonly Dictionary<FolderSeries, FolderImage[]> series;

    private ImageFolder(string root, int size, FolderReading reading)
    {
        (Root, Size, White16) = (root, size, reading.White16);
        (Images, Volumes, LeftOut, Notes) = (reading.Images, reading.Volumes, reading.LeftOut, [.. reading.Notes.Distinct()]);
        frames = reading.Frames;
        series = Images.GroupBy(image => image.Series).ToDictionary(g => g.Key, g => g.OrderBy(image => image.Slice).ToArray());
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Rows and columns of every image.</summary>
    public int Size { get; }

    /// <summary>White of 16-bit pictures that do not say it themselves; null where there are none.</summary>
    public float? White16 { get; }

    /// <summary>Every image, in the natural order of names.</summary>
    public IReadOnlyList<FolderImage> Images { get; }

    /// <summary>Every volume, where <see cref="ImageFolderOptions.KeepVolumes"/> asks for them.</summary>
    public IReadOnlyList<FolderVolume> Volumes { get; }

    /// <summary>Every file that gave no image.</summary>
    public IReadOnlyList<LeftOutFile> LeftOut { get; }

    /// <summary>Plain sentences of what was assumed or undone on the way.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The classes, in natural order.</summary>
    public IReadOnlyList<string> Classes => [.. Images.Select(image => image.Class).Distinct().Order(NaturalOrder.Instance)];

    /// <summary>The patients, in natural order.</summary>
    public IReadOnlyList<string> Patients => [.. Images.Select(image => image.Patient).Distinct().Order(NaturalOrder.Instance)];

    /// <summary>Reads a folder.</summary>
    /// <exception cref="ImageFolderException">There is no such folder, its table of patients is wrong, or nothing in it can be used.</exception>
    public static ImageFolder Read(string folder, ImageFolderOptions options, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Size, 8);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!Directory.Exists(root)) throw new ImageFolderException($"There is no folder {folder}.");
        var patients = PatientNames.Of(root, options.PatientsCsv);
        var reading = new FolderReading(root, options, patients, ct);
        var files = FolderFiles.Of(root, ct);
        reading.AddPictures(files.Where(file => file.Kind is FileKind.Png or FileKind.Jpeg));
        foreach (var file in files.Where(file => file.Kind == FileKind.Nifti))
        {
            ct.ThrowIfCancellationRequested();
            reading.AddNifti(file);
        }
        reading.AddDicom([.. files.Where(file => file.Kind == FileKind.Dicom)]);
        foreach (var file in files.Where(file => file.Kind == FileKind.Other)) reading.LeaveOut(file.Path, "It is no image that is read: DICOM, NIfTI, PNG and JPEG are.");
        foreach (var file in patients.Unused) reading.Notes.Add($"The table of patients names {file}, which is not there.");
        var images = reading.Images;
        if (images.Count == 0) throw Nothing(folder, reading.LeftOut);
        if (!patients.FromTable && images.Count > 1 && images.Select(image => image.Patient).Distinct().Count() == images.Count)
            reading.Notes.Add("Nothing says which images are of one patient: each counts as a patient of its own. A table patients.csv (file,patient) would say it.");
        return new ImageFolder(root, options.Size, reading);
    }

    /// <summary>
    /// An image with its neighbours as channels, for 2.5-dimensional models: [2 radius + 1, size, size], the slices before it, itself, the slices behind it, in the
    /// series' order; beyond the ends the outermost slice is repeated.
    /// </summary>
    public float[] Stack(FolderImage image, int radius)
    {
        var slices = series[image.Series];
        var at = Array.IndexOf(slices, image);
        var area = Size * Size;
        var stack = new float[(2 * radius + 1) * area];
        for (var offset = -radius; offset <= radius; offset++)
            slices[Math.Clamp(at + offset, 0, slices.Length - 1)].Pixels.CopyTo(stack, (offset + radius) * area);
        return stack;
    }

    /// <summary>The field of view and slices of a volume; null where no volume has that name.</summary>
    internal (VolumePlacement Placement, int[] Slices)? FrameOf(string name) => frames.TryGetValue(name, out var frame) ? frame : null;

    private static ImageFolderException Nothing(string folder, IReadOnlyList<LeftOutFile> leftOut) => new(leftOut.Count == 0
        ? $"The folder {folder} is empty."
        : $"No file of {folder} gives an image. {string.Join(' ', leftOut.Take(3).Select(file => $"{file.Path}: {file.Reason}"))}{(leftOut.Count > 3 ? " ..." : "")}");
}
