using System.Globalization;
using FellowOakDicom;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>
/// Writes generated images into a folder, on the pixels and with the names of their sources: <see cref="ImageFolder"/> reads them as their pairs. No name, number or
/// UID of a source is written into a file; but files are named as the sources' files are.
/// </summary>
public sealed class ImageFolderWriter(string folder, ImageFormat format, GeneratedSet set)
{
    private readonly string root = Path.GetFullPath(folder);
    private readonly List<string> written = [];

    private string Label => $"SYNTHETIC, not for diagnosis; {set.ModelName} {set.ModelVersion}";

    /// <summary>Writes all images of a set; returns the files' paths below the folder. Files of the same name are replaced.</summary>
    /// <exception cref="ArgumentException">A name leads out of the folder, or an image does not have the pixels that it says.</exception>
    public IReadOnlyList<string> Write(IReadOnlyList<GeneratedImage> images, CancellationToken ct = default)
    {
        foreach (var image in images)
            if (image.Pixels.Length != image.Size * image.Size)
                throw new ArgumentException($"{image.Name} has {image.Pixels.Length} pixels, not {image.Size} x {image.Size}.", nameof(images));
        written.Clear();
        if (format == ImageFormat.Png)
            foreach (var image in images) WritePng(image, ct);
        else
            WriteSeries(images, ct);
        return [.. written];
    }

    /// <summary>Writes whole volumes, named as given, each beside whose it is; returns the files' paths below the folder.</summary>
    /// <exception cref="ArgumentException">A name leads out of the folder, or the format is of single pictures.</exception>
    public IReadOnlyList<string> WriteVolumes(IEnumerable<FolderVolume> volumes, CancellationToken ct = default)
    {
        if (format == ImageFormat.Png) throw new ArgumentException("A volume is written as DICOM or NIfTI.");
        written.Clear();
        var (patients, numbers) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var (series, volume) in volumes)
        {
            ct.ThrowIfCancellationRequested();
            if (!patients.TryGetValue(series.Patient, out var patient)) patient = patients[series.Patient] = patients.Count + 1;
            var number = numbers[series.Patient] = numbers.GetValueOrDefault(series.Patient) + 1;
            SaveVolume(series.Name, volume, StudyOf(patient, number));
        }
        return [.. written];
    }

    private void WritePng(GeneratedImage image, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var placed = Place(image, image.Pixels);
        Save($"{image.Name}.png", stream => PngFile.Gray16(stream, placed.Columns, placed.Rows, Words(placed.Values), Label));
    }

    private void WriteSeries(IReadOnlyList<GeneratedImage> images, CancellationToken ct)
    {
        var patients = images.Select(PatientOf).Distinct().Select((patient, i) => (patient, i)).ToDictionary(p => p.patient, p => p.i + 1);
        var numbers = new Dictionary<string, int>();
        foreach (var series in images.GroupBy(image => image.Source?.Series.Name ?? image.Name))
        {
            ct.ThrowIfCancellationRequested();
            var slices = series.OrderBy(image => image.Source?.Slice ?? 0).ToList();
            var patient = PatientOf(slices[0]);
            var number = numbers[patient] = numbers.GetValueOrDefault(patient) + 1;
            var study = StudyOf(patients[patient], number);
            if (slices[0].Volume is { } placement) SaveVolume(series.Key, VolumeOf(slices, placement), study);
            else SavePictures(series.Key, slices, study);
        }

        static string PatientOf(GeneratedImage image) => image.Source?.Patient ?? image.Name;
    }

    private SyntheticStudy StudyOf(int patient, int number)
    {
        string Uid(string purpose, params int[] parts) => SyntheticUid.Create(purpose, [set.Id, .. parts.Select(part => part.ToString(CultureInfo.InvariantCulture))]);
        var id = string.Create(CultureInfo.InvariantCulture, $"SYN-{Uid("set")[^8..]}-{patient:0000}");
        return new SyntheticStudy(id, Uid("study", patient), Uid("series", patient, number), Uid("frame-of-reference", patient, number), number,
            set.ModelName, set.ModelVersion, set.MadeAt, Judged: false);
    }

    /// <summary>The whole volume of the source, air where no slice was generated.</summary>
    private static Volume VolumeOf(IReadOnlyList<GeneratedImage> slices, VolumePlacement placement)
    {
        var placed = slices.Select(slice => Place(slice, slice.Pixels)).ToList();
        if (placed.Any(p => p.Enlargement != placed[0].Enlargement))
            throw new ArgumentException($"The slices of {slices[0].Source!.Series.Name} differ in size.", nameof(slices));
        var (modality, geometry) = (slices[0].Modality!.Value, placement.Geometry.EnlargedInPlane(placed[0].Enlargement));
        var voxels = new float[geometry.Length];
        Array.Fill(voxels, IntensityScale.Of(modality).Outside);
        for (var i = 0; i < slices.Count; i++)
        {
            var slice = voxels.AsSpan(slices[i].Source!.Slice * geometry.SliceLength, geometry.SliceLength);
            placed[i].Values.CopyTo(slice);
            slices[i].Scale.FromModel(slice);
        }
        return new Volume(modality, geometry, voxels);
    }

    private void SaveVolume(string name, Volume volume, SyntheticStudy study)
    {
        if (format == ImageFormat.Nifti)
        {
            SaveNifti(name, volume.Geometry, volume.Voxels, IntensityScale.Of(volume.Modality));
            return;
        }
        int[] slices = [.. Enumerable.Range(0, volume.Geometry.Slices)];
        foreach (var (file, k) in SyntheticSeriesWriter.Write(volume, slices, study).Zip(slices))
            SaveDicom(string.Create(CultureInfo.InvariantCulture, $"{name}/{k + 1:0000}"), file);
    }

    private void SavePictures(string name, IReadOnlyList<GeneratedImage> images, SyntheticStudy study)
    {
        var placed = images.Select(image => Place(image, image.Pixels)).ToList();
        if (format == ImageFormat.Dicom)
        {
            for (var i = 0; i < images.Count; i++) SaveDicom(images[i].Name, Picture(images[i], placed[i], study, i));
            return;
        }
        var stackable = placed.All(p => (p.Columns, p.Rows) == (placed[0].Columns, placed[0].Rows)) && images.All(image => image.Modality == images[0].Modality);
        foreach (var stack in stackable ? [Enumerable.Range(0, images.Count).ToArray()] : Enumerable.Range(0, images.Count).Select(i => new[] { i }))
        {
            var (first, values) = (stack[0], stack.SelectMany(i => placed[i].Values).ToArray());
            images[first].Scale.FromModel(values);
            SaveNifti(stack.Length == 1 ? images[first].Name : name, FlatGeometry(images[first], placed[first], stack.Length), values, images[first].Scale);
        }
    }

    private static DicomFile Picture(GeneratedImage image, PlacedImage placed, SyntheticStudy study, int k)
    {
        if (image.Modality is not { } modality)
            return SyntheticCaptureWriter.Write(placed.Columns, placed.Rows, Words(placed.Values), study, k + 1);
        // One slice is one series: nothing says how far apart two of them would lie.
        var alone = study with { SeriesInstanceUid = SyntheticUid.Create("series", study.SeriesInstanceUid, k.ToString(CultureInfo.InvariantCulture)) };
        var values = (float[])placed.Values.Clone();
        image.Scale.FromModel(values);
        return SyntheticSeriesWriter.Write(new Volume(modality, FlatGeometry(image, placed, 1), values), [0], alone)[0];
    }

    // Without a place in a patient: models of CT and MR see the field of view; a picture's pixels have no size, and 1 mm stands for it.
    private static VolumeGeometry FlatGeometry(GeneratedImage image, PlacedImage placed, int slices)
    {
        var spacing = image.Modality is not null && image.Source is null ? InPlaneGrid.FieldOfViewMm / image.Size : 1;
        return new VolumeGeometry(placed.Columns, placed.Rows, slices, new(-(placed.Columns - 1) / 2.0 * spacing, -(placed.Rows - 1) / 2.0 * spacing, 0),
            new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), spacing, spacing, 1);
    }

    /// <summary>In [-1, 1] on the source's pixels; air around the source's head, where that is known.</summary>
    private static PlacedImage Place(GeneratedImage image, float[] pixels)
    {
        float[] air = [image.Scale.Outside];
        image.Scale.ToModel(air);
        if (image.Source is not { } source)
            return new PlacedImage(image.Size, image.Size, 1, (float[])pixels.Clone());
        var square = (float[])pixels.Clone();
        if (source.Inside is { } head) HeadMargin.Clear(square, image.Size, head, air[0]);
        return source.Placement.Restore(square, image.Size, air[0]);
    }

    private static ushort[] Words(float[] values) => Array.ConvertAll(values, v => (ushort)MathF.Round((Math.Clamp(v, -1, 1) + 1) / 2 * ushort.MaxValue));

    private void SaveNifti(string name, VolumeGeometry geometry, float[] values, IntensityScale scale) =>
        Save($"{name}.nii.gz", stream => NiftiWriter.Write(stream, geometry, values, scale.Modality == Modality.CT ? 1 : null,
            Label, scale.Unit, zipped: true));

    private void SaveDicom(string name, DicomFile file) => Save($"{name}.dcm", stream => file.Save(stream));

    private void Save(string name, Action<Stream> write)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException($"{name} leads out of the folder.");
        AtomicFile.Write(path, write);
        written.Add(name);
    }
}
