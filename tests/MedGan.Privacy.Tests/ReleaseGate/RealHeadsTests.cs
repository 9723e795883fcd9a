using System.Security.Cryptography;
using FellowOakDicom;
using MedGan.Dicom.Volumes;
using MedGan.Privacy.ReleaseGate;
using MedGan.Testing;
using Xunit;

namespace MedGan.Tests.Privacy.ReleaseGate;

using Gate = MedGan.Privacy.ReleaseGate.ReleaseGate;

/// <summary>One CT patient and one MR patient: the CT calibrates for generated MR, as in the demo with one real head each.</summary>
public sealed class RealHeadsTests
{
    private const int Size = 64;

    [Fact]
    public void Gate_OneRealCtAndOneRealMr_WithholdsNeighbouringSlicesOfTheTrainingMr()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var mr = Slices("MR_T1w_axial", "mr");
        var ct = Slices("CT_GE_HiSpeed_head", "ct");
        var training = mr.Where((_, k) => k % 2 == 0).ToList();
        var neighbours = mr.Where((_, k) => k % 2 == 1).ToList();
        // What a fair translation of the CT would look like: its anatomy with the contrast of an MR, slightly blurred by the network.
        var translated = ct.Select(image => image with { Id = "t" + image.Id, Pixels = AsMr(image.Pixels) }).ToList();

        var outcome = new Gate(GateKey.Create(), new GateOptions(), Embed).Judge(
            new GateInput(Size, training, ct, HeldOutKind.OtherModality, [.. neighbours, .. translated]), null, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(outcome.Report.ToMarkdown());
        Assert.True(outcome.Report.Certified, string.Join(' ', outcome.Report.WhyNotCertified));
        var withheld = outcome.Withheld.Select(w => w.ImageId).ToHashSet();
        Assert.All(neighbours, image => Assert.Contains(image.Id, withheld));
        Assert.Contains(translated, image => !withheld.Contains(image.Id));
    }

    private static List<GateImage> Slices(string series, string patient)
    {
        var files = Directory.GetFiles(SharedData.Path("dicom_series", series)).Order().Select(path => DicomFile.Open(path, FileReadOption.ReadAll)).ToList();
        var volume = VolumeReader.Read(files).Volume;
        var grid = InPlaneGrid.For(volume, Size);
        return [.. Enumerable.Range(0, volume.Geometry.Slices).Select(k =>
        {
            float[] pixels = grid.Sample(volume, k, Intensity.OutsideValue(volume.Modality));
            Intensity.ToModel(volume.Modality, pixels);
            return new GateImage($"{patient}{k}", patient, pixels, Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(k))));
        })];
    }

    private static float[] AsMr(float[] ct) => [.. ct.Select(v =>
    {
        double hu = (v + 1) / 2 * 3072 - 1024;
        return (float)(2 * (hu < -300 ? 0 : hu < -20 ? 0.7 : hu < 100 ? 0.35 + hu / 300 : 0.08) / 1.2 - 1);
    })];

    /// <summary>In place of the trained encoder: an 8 x 8 thumbnail, folded so that it does not see mirroring.</summary>
    private static float[][] Embed(IReadOnlyList<float[]> images) => [.. images.Select(image =>
    {
        var vector = new float[64];
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
                vector[Math.Min(y, Size - 1 - y) / 4 * 8 + Math.Min(x, Size - 1 - x) / 4] += image[y * Size + x] + 1;
        float norm = MathF.Sqrt(vector.Sum(v => v * v)) + 1e-9f;
        return vector.Select(v => v / norm).ToArray();
    })];
}
