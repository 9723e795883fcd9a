using System.Globalization;
using FellowOakDicom;
using MedGan.Dicom.Codecs;
using MedGan.Dicom.Files;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Ingest;

namespace MedGan.Jobs.Images.Folders;

/// <summary>One reading of a folder: what has been found, and what was left out and why.</summary>
internal sealed class FolderReading(string root, ImageFolderOptions options, PatientNames patients, CancellationToken ct)
{
    private readonly Dictionary<string, FolderImage> images = new(StringComparer.Ordinal);

    public List<LeftOutFile> LeftOut { get; } = [];

    public List<FolderVolume> Volumes { get; } = [];

    public List<string> Notes { get; } = [];

    public float? White16 { get; private set; }

    public IReadOnlyList<FolderImage> Images => [.. images.Values.OrderBy(image => image.Name, NaturalOrder.Instance)];

    /// <summary>The placement of every volume, and the slices that show a head, by the series' name.</summary>
    public Dictionary<string, (VolumePlacement Placement, int[] Slices)> Frames { get; } = new(StringComparer.Ordinal);

    public void AddPictures(IEnumerable<FolderFile> files)
    {
        var read = files.AsParallel().AsOrdered().WithCancellation(ct).Select(file => (File: file, Picture: Try(() => FolderPicture.Read(file, options.Size), out var reason), reason)).ToList();
        if (read.Any(r => r.Picture is { Raster.WhiteIsStated: false }))
            White16 = options.White16 ?? FolderPicture.White16(read.Where(r => r.Picture is not null).Select(r => r.Picture!));
        foreach (var (file, picture, reason) in read)
        {
            if (picture is null) LeaveOut(file.Path, reason!);
            else if (patients.Of(file.Path) is not { } patient) LeaveOut(file.Path, "The table of patients does not name it.");
            else
            {
                var name = FolderFiles.WithoutExtension(file.Path);
                var scale = IntensityScale.Gray(picture.Raster.WhiteIsStated ? picture.Raster.White : White16!.Value);
                scale.ToModel(picture.Square);
                // Pictures of one patient beside each other are slices of one series: patients that are files of their own make series of one.
                var series = new FolderSeries(file.Folder.Length == 0 ? patient : $"{file.Folder}/{patient}", patient, ClassOf(file.Folder));
                Add(file.Path, new FolderImage(name, series, FolderPicture.SliceNumber(name), picture.Square, null, scale,
                    new PicturePlacement(picture.Raster.Width, picture.Raster.Height)));
            }
        }
    }

    public void AddNifti(FolderFile file)
    {
        var volume = Try(() => { using var stream = File.OpenRead(file.FullPath); return NiftiReader.Read(stream, float.NaN); }, out var reason);
        if (volume is null) LeaveOut(file.Path, reason!);
        else if (patients.Of(file.Path) is not { } patient) LeaveOut(file.Path, "The table of patients does not name it.");
        else
        {
            var series = new FolderSeries(FolderFiles.WithoutExtension(file.Path), patient, ClassOf(file.Folder));
            var content = NiftiContents.Of(volume, options.Modality, $"{Path.GetFileName(root)}/{file.Path}", Notes);
            if (content.Volume is not null && volume.Geometry.Slices >= TrainingFitness.MinimumSlices) AddVolume(file.Path, series, content.Volume);
            else if (Math.Abs(volume.Geometry.ColumnSpacingMm / volume.Geometry.RowSpacingMm - 1) > 0.01) LeaveOut(file.Path, "The pixels of the image are not square.");
            else AddSlices(file.Path, series, content.Slices().Select((s, k) => (volume.Geometry.Slices == 1 ? series.Name : NameOf(series, k), s.Width, s.Height, s.Values, s.Scale)));
        }
    }

    public void AddDicom(IReadOnlyList<FolderFile> files)
    {
        var series = new List<(FolderFile File, string Uid, string Patient, int Number)>();
        foreach (var file in files)
        {
            ct.ThrowIfCancellationRequested();
            var d = Try(() => DicomFile.Open(file.FullPath, FileReadOption.SkipLargeTags).Dataset, out var reason);
            if (d is null) LeaveOut(file.Path, reason!);
            else if (Text(d, DicomTag.SeriesInstanceUID) is not { Length: > 0 } uid) LeaveOut(file.Path, "It belongs to no series: it is no image.");
            else series.Add((file, uid, Text(d, DicomTag.PatientID), int.TryParse(Text(d, DicomTag.SeriesNumber), CultureInfo.InvariantCulture, out var number) ? number : 0));
        }
        foreach (var folder in series.GroupBy(s => s.File.Folder))
        {
            var all = folder.GroupBy(s => s.Uid).OrderBy(g => g.Min(s => s.Number)).ThenBy(g => g.Min(s => s.File.Path), NaturalOrder.Instance).ToList();
            for (var i = 0; i < all.Count; i++)
            {
                var name = (folder.Key.Length > 0 ? folder.Key : Path.GetFileName(root)) + (all.Count > 1 ? $"/series{i + 1}" : "");
                // A folder that holds one series is that series, as a file is an image; its class is the folder's around it.
                var within = all.Count > 1 || folder.Key.Length == 0 ? folder.Key : string.Join('/', folder.Key.Split('/')[..^1]);
                var patient = all[i].First().Patient is { Length: > 0 } id ? id : name;
                AddSeries(new FolderSeries(name, patient, ClassOf(within)), [.. all[i].Select(s => s.File)]);
            }
        }
    }

    private void AddSeries(FolderSeries series, IReadOnlyList<FolderFile> files)
    {
        ct.ThrowIfCancellationRequested();
        var where = files.Count == 1 ? files[0].Path : $"{series.Name} ({files.Count} DICOM files)";
        var opened = Try(() => files.Select(file => DicomFile.Open(file.FullPath, FileReadOption.ReadAll)).ToList(), out var reason);
        VolumeReading? reading = null;
        var alone = opened is not null && opened.Count < TrainingFitness.MinimumSlices;
        if (opened is not null && !alone)
            try
            {
                reading = VolumeReader.Read(opened);
            }
            catch (SeriesRejectedException e) when (e.Reason is SeriesRejectReason.UnsupportedObject or SeriesRejectReason.NoGeometry)
            {
                alone = true;
            }
            catch (SeriesRejectedException e)
            {
                reason = e.Detail;
            }
        if (reading is not null)
        {
            Notes.AddRange(reading.Notes.Select(note => $"{series.Name}: {note}"));
            AddVolume(where, series, SyntheticScale.Restore(reading.Volume, opened![0].Dataset));
        }
        else if (alone && Try(() => DicomPicture.Read(opened!), out reason) is { } pictures)
            AddSlices(where, series, pictures.Zip(files, (p, file) => (FolderFiles.WithoutExtension(file.Path), p.Width, p.Height, p.Values, p.Scale)));
        else
            LeaveOut(where, reason!);
    }

    private void AddVolume(string where, FolderSeries series, Volume volume)
    {
        var given = options.FramesOf?.FrameOf(series.Name);
        if (given is { } frame && !SamePlace(frame.Placement.Geometry, volume.Geometry))
        {
            LeaveOut(where, "Its voxels do not lie where those of its pair do; resample one onto the other first.");
            return;
        }
        if (given is null && TrainingFitness.WhyNot(volume) is { } why)
        {
            LeaveOut(where, why);
            return;
        }
        var heads = given is { } g ? new HeadSlices(volume, g.Placement.Grid) : new HeadSlices(volume, options.Size);
        var placement = new VolumePlacement(volume.Modality, volume.Geometry, heads.Grid);
        var slices = (given is { } f ? heads.Of(f.Slices) : heads.All()).ToList();
        foreach (var slice in slices)
            Add(where, new FolderImage(NameOf(series, slice.Index), series, slice.Index, slice.Pixels, slice.Head, IntensityScale.Of(volume.Modality), placement));
        if (options.KeepVolumes) Volumes.Add(new FolderVolume(series, volume));
        Frames[series.Name] = (placement, [.. slices.Select(slice => slice.Index)]);
    }

    private void AddSlices(string where, FolderSeries series, IEnumerable<(string Name, int Width, int Height, float[] Values, IntensityScale Scale)> slices)
    {
        var k = 0;
        foreach (var (name, width, height, values, scale) in slices)
        {
            var square = new SquareGrid(width, height, options.Size).ToSquare(values, scale.Outside);
            scale.ToModel(square);
            Add(where, new FolderImage(name, series, k++, square, null, scale, new PicturePlacement(width, height)));
        }
    }

    private void Add(string where, FolderImage image)
    {
        if (!images.TryAdd(image.Name, image)) LeaveOut(where, $"Another file is called {image.Name} too.");
    }

    public void LeaveOut(string path, string reason) => LeftOut.Add(new LeftOutFile(path, reason));

    private static string NameOf(FolderSeries series, int slice) => $"{series.Name}/{slice.ToString("0000", CultureInfo.InvariantCulture)}";

    private string ClassOf(string folder) => folder.Length == 0 ? Path.GetFileName(root) : folder.Split('/')[0];

    private static bool SamePlace(VolumeGeometry a, VolumeGeometry b)
    {
        if ((a.Columns, a.Rows, a.Slices) != (b.Columns, b.Rows, b.Slices)) return false;
        var near = 0.25 * Math.Min(a.ColumnSpacingMm, a.RowSpacingMm);
        return new[] { (0, 0, 0), (a.Columns - 1, 0, 0), (0, a.Rows - 1, 0), (0, 0, a.Slices - 1) }
            .All(v => (a.PositionMm(v.Item1, v.Item2, v.Item3) - b.PositionMm(v.Item1, v.Item2, v.Item3)).Length <= near);
    }

    private static string Text(DicomDataset d, DicomTag tag) => d.TryGetString(tag, out var text) && text is not null ? text.Trim('\0', ' ') : "";

    /// <summary>The result, or null and the reason in a plain sentence. Whatever a file holds, those beside it are still read.</summary>
    private static T? Try<T>(Func<T> read, out string? reason) where T : class
    {
        try
        {
            reason = null;
            return read();
        }
        catch (Exception e) when (e is ImageFileException or PixelDataException or UnsupportedTransferSyntaxException)
        {
            reason = e.Message;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = "The file cannot be opened: " + e.Message;
        }
        // Malformed DICOM breaks its parser in many ways.
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException))
        {
            reason = $"The file cannot be decoded: {e.Message}";
        }
        return null;
    }
}
