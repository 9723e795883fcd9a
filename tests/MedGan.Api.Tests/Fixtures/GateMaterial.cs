using System.Security.Cryptography;
using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Objects;

namespace MedGan.Api.Tests.Fixtures;

/// <summary>Synthetic series judged by the real gate, from small made-up images; the last slice of each repeats a training image.</summary>
internal static class GateMaterial
{
    private const int Side = 32;

    public static SyntheticStudy Study(string name, Modality modality) => new(
        $"SYN-{name}", SyntheticUid.Create("study", name), SyntheticUid.Create("series", name, modality.ToString()), SyntheticUid.Create("frame", name),
        modality == Modality.CT ? 1 : 2, "test model", "1", new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));

    /// <summary>Files of every slice, and what the gate decided on them.</summary>
    public static (IReadOnlyList<DicomFile> Files, GateOutcome Outcome) Judge(GateKey key, string name, Modality modality, int slices, CancellationToken ct)
    {
        var geometry = new VolumeGeometry(12, 10, slices, new(0, 0, 0), new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), 1, 1, 2);
        var random = new Random(slices);
        var voxels = new float[geometry.Length];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = modality == Modality.CT ? random.Next(-1000, 1500) : random.NextSingle();
        }
        var files = SyntheticSeriesWriter.Write(new Volume(modality, geometry, voxels), [.. Enumerable.Range(0, slices)], Study(name, modality));
        List<GateImage> training = Cohort("train", 1000), held = Cohort("held", 2000);
        var generated = files.Select((file, k) => new GateImage(
            $"{name}/{k}", name, k == slices - 1 ? (float[])training[5].Pixels.Clone() : Picture(3000 + k + slices * 50),
            Convert.ToHexStringLower(SHA256.HashData(ReleaseStore.ContentOf(file.Dataset))))).ToList();
        var gate = new ReleaseGate(key, new GateOptions { PlantedImages = 3 }, Embed);
        return (files, gate.Judge(new GateInput(Side, training, held, HeldOutKind.SameModality, generated), progress: null, ct));
    }

    private static List<GateImage> Cohort(string prefix, int seed) =>
        [.. Enumerable.Range(0, 24).Select(i => new GateImage($"{prefix}{i}", $"{prefix}{i / 3}", Picture(seed + i), ""))];

    /// <summary>Random blobs inside a disc.</summary>
    private static float[] Picture(int seed)
    {
        var random = new Random(seed);
        var blobs = Enumerable.Range(0, 14).Select(_ => (X: random.Next(6, 26), Y: random.Next(6, 26), Height: random.NextDouble() - 0.5, Width: 6 + 20 * random.NextDouble())).ToArray();
        var pixels = new float[Side * Side];
        for (var at = 0; at < pixels.Length; at++)
        {
            int x = at % Side, y = at / Side;
            pixels[at] = Math.Pow(x - 15.5, 2) + Math.Pow(y - 15.5, 2) > 200
                ? -1
                : (float)Math.Clamp(blobs.Sum(b => b.Height * Math.Exp(-(Math.Pow(x - b.X, 2) + Math.Pow(y - b.Y, 2)) / b.Width)), -0.9, 0.9);
        }
        return pixels;
    }

    /// <summary>Unit vectors of 16 cells' means, folded so that mirror images agree.</summary>
    private static float[][] Embed(IReadOnlyList<float[]> images) => [.. images.Select(image =>
    {
        var cells = new float[16];
        for (var at = 0; at < image.Length; at++)
        {
            int x = Math.Min(at % Side, Side - 1 - (at % Side)), y = Math.Min(at / Side, Side - 1 - (at / Side));
            cells[(y / 4 * 4) + (x / 4)] += image[at] + 1;
        }
        var length = MathF.Sqrt(cells.Sum(c => c * c));
        return cells.Select(c => c / length).ToArray();
    })];
}
