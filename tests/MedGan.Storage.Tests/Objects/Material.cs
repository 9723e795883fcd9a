using System.Security.Cryptography;
using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;
using MedGan.Privacy.Deidentification;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Objects;

namespace MedGan.Storage.Tests.Objects;

/// <summary>Real de-identified and real released instances, made by the Deidentifier and the gate from small made-up images.</summary>
internal static class Material
{
    private const int Size = 32;
    private static readonly Deidentifier deidentifier = new(PseudonymKey.Create().ForProject("p"));

    /// <summary>One CT series of a made-up patient, de-identified.</summary>
    public static IReadOnlyList<DeidentifiedInstance> Upload(int patient, int slices, int seed = 0) =>
        [.. Files($"patient {patient}", slices, patient * 100 + seed).Select(AsScanned).Select(deidentifier.Apply)];

    private static DicomFile AsScanned(DicomFile file)
    {
        file.Dataset.Remove(DicomTag.SyntheticData);
        return file;
    }

    /// <summary>Synthetic files with the gate's evidence for each.</summary>
    public static IReadOnlyList<(ReleasedInstance Evidence, DicomFile Synthetic)> Released(string name, int slices)
    {
        var files = Files(name, slices, seed: 7);
        var generated = files.Select((f, i) =>
            Image($"{name}/{i}", name, 900 + i, Convert.ToHexStringLower(SHA256.HashData(ReleaseStore.ContentOf(f.Dataset))))).ToList();
        var gate = new ReleaseGate(GateKey.Create(), new GateOptions { PlantedImages = 3 }, Embed);
        var outcome = gate.Judge(new GateInput(Size, Cohort("train", 100), Cohort("held", 500), HeldOutKind.SameModality, generated));
        Assert.Equal(slices, outcome.Released.Count);
        return [.. outcome.Released.Select((evidence, i) => (evidence, files[i]))];
    }

    /// <summary>The identifiers that a series of this name carries.</summary>
    public static SyntheticStudy Study(string name) => new(
        PatientId: name, SyntheticUid.Create("study", name), SyntheticUid.Create("series", name), SyntheticUid.Create("frame", name),
        SeriesNumber: 1, "test", "1", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static IReadOnlyList<DicomFile> Files(string name, int slices, int seed)
    {
        var geometry = new VolumeGeometry(8, 8, slices, new Vector3d(0, 0, 0), new Vector3d(1, 0, 0), new Vector3d(0, 1, 0), new Vector3d(0, 0, 1), 1, 1, 1);
        var random = new Random(seed);
        var voxels = Enumerable.Range(0, 64 * slices).Select(_ => (float)random.Next(-1000, 1000)).ToArray();
        return SyntheticSeriesWriter.Write(new Volume(Modality.CT, geometry, voxels), [.. Enumerable.Range(0, slices)], Study(name));
    }

    private static List<GateImage> Cohort(string prefix, int seed) =>
        [.. Enumerable.Range(0, 24).Select(i => Image($"{prefix}{i}", $"{prefix}{i / 3}", seed + i, ""))];

    /// <summary>A disc with a random sum of waves in it.</summary>
    private static GateImage Image(string id, string patient, int seed, string content)
    {
        var random = new Random(seed);
        var waves = Enumerable.Range(0, 16).Select(_ => (X: random.NextDouble() - 0.5, Y: random.NextDouble() - 0.5, Phase: random.NextDouble() * 6.28)).ToArray();
        var pixels = new float[Size * Size];
        for (var at = 0; at < pixels.Length; at++)
        {
            double x = at % Size - 15.5, y = at / Size - 15.5;
            pixels[at] = x * x + y * y > 196 ? -1 : (float)waves.Sum(w => 0.05 * Math.Cos(w.X * x + w.Y * y + w.Phase));
        }
        return new GateImage(id, patient, pixels, content);
    }

    /// <summary>Unit vectors of the image summed with its mirror images.</summary>
    private static float[][] Embed(IReadOnlyList<float[]> images) => [.. images.Select(image =>
    {
        var sum = new float[image.Length];
        for (var at = 0; at < sum.Length; at++)
        {
            int x = at % Size, y = at / Size, mx = Size - 1 - x, my = Size - 1 - y;
            sum[at] = image[at] + image[y * Size + mx] + image[my * Size + x] + image[my * Size + mx] + 4;
        }
        var norm = MathF.Sqrt(sum.Sum(v => v * v));
        return sum.Select(v => v / norm).ToArray();
    })];
}
