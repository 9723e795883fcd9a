using FellowOakDicom;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Volumes;
using MedGan.Models.Networks.SuperResolution;
using MedGan.Phantoms;
using MedGan.Testing;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>Volumes whose slices become thinner.</summary>
public sealed class ThroughPlaneVerbTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("medgan-thin-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string this[string name] => Path.Combine(root, name);

    [Fact]
    public async Task Phantom_ByAModelOfOtherPatients_IsNearerToItsThinSlicesThanBicubic_InTheirPlace()
    {
        // thin slices are as far apart as the pixels of the training images are wide: 256 mm / 64
        foreach (var patient in new[] { 1, 2, 3 }) Nifti($"train/p{patient}_mr.nii.gz", Phantom.Truth(PhantomPatient.Create(patient), PhantomModality.MrT1, new PhantomGrid(64, 12, 3.7, 8)));
        var truth = Phantom.Truth(PhantomPatient.Create(9), PhantomModality.MrT1, new PhantomGrid(64, 24, 4, 4));
        var thick = Thick(truth, factor: 2);
        Nifti("thick/p9_mr.nii.gz", thick);
        await Train(64, steps: 250, "train");
        var made = await Thin("thick", "nifti");
        Assert.Contains("12 slices 8 mm apart become 24, 4 mm apart.", made.Errors);

        using var stream = File.OpenRead(this["out/p9_mr.nii.gz"]);
        var thin = NiftiReader.Read(stream, float.NaN);
        AssertSamePlace(truth.Geometry, thin.Geometry);
        var bicubic = Bicubic(thick, factor: 2);
        double Error(float[] values) => Math.Sqrt(values.Zip(truth.Voxels, (x, y) => Math.Pow(Math.Min(x, Intensity.MrMax) - Math.Min(y, Intensity.MrMax), 2)).Average());
        Assert.True(Error(thin.Values) < 0.92 * Error(bicubic), $"{Error(thin.Values)} against {Error(bicubic)}");
        Assert.True(thin.Values.Distinct().Count() > 256); // not of 8 bits
    }

    [Fact]
    public async Task RealSeries_BecomesADicomSeriesOfThinnerSlices_OnItsOwnPixels()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        // a part of the series, so that little is computed
        var files = Directory.GetFiles(SharedData.Path("dicom_series", "MR_T1w_axial"), "*", SearchOption.AllDirectories).Where(DicomFile.HasValidHeader)
            .OrderBy(f => DicomFile.Open(f).Dataset.GetValues<double>(DicomTag.ImagePositionPatient)[2]).Skip(20).Take(5);
        Directory.CreateDirectory(this["series"]);
        foreach (var file in files) File.Copy(file, Path.Combine(this["series"], Path.GetFileName(file)));
        var source = VolumeReader.Read([.. Directory.GetFiles(this["series"]).Select(f => DicomFile.Open(f))]).Volume;
        await Train(64, steps: 2, "series", rate: "0.000001");
        await Thin("series", "dicom");

        var written = Directory.GetFiles(this["out"], "*.dcm", SearchOption.AllDirectories).Select(f => DicomFile.Open(f)).ToArray();
        Assert.Equal(10, written.Length);
        var thin = VolumeReader.Read(written).Volume;
        AssertSamePlace(source.Geometry.EnlargedThroughPlane(2), thin.Geometry);
        Assert.All(written, f => Assert.Equal((ushort)16, f.Dataset.GetSingleValue<ushort>(DicomTag.BitsAllocated)));
        Assert.All(written, f => Assert.Equal(source.Geometry.SliceSpacingMm / 2, f.Dataset.GetSingleValue<double>(DicomTag.SliceThickness), 1e-4));
        // of a model that has hardly learnt: what interpolation makes of the source, in its unit
        var bicubic = Bicubic(new Volume(source.Modality, source.Geometry, Array.ConvertAll(source.Voxels, v => Math.Min(v, Intensity.MrMax))), factor: 2);
        var difference = thin.Voxels.Zip(bicubic, (x, y) => Math.Abs(x * thin.MrUnit / 3000 - Math.Clamp(y, 0, Intensity.MrMax))).Average();
        Assert.True(difference < 0.01, $"{difference}");
    }

    [Fact]
    public async Task ModelOfThreeDimensions_LearnsFromThinSlices_AndMakesThemOfThickOnes()
    {
        foreach (var patient in new[] { 1, 2, 3 }) Nifti($"train/p{patient}_mr.nii.gz", Phantom.Truth(PhantomPatient.Create(patient), PhantomModality.MrT1, new PhantomGrid(64, 24, 4, 4)));
        var truth = Phantom.Truth(PhantomPatient.Create(9), PhantomModality.MrT1, new PhantomGrid(60, 24, 4.2, 4)); // pixels that the model did not learn on
        Nifti("thick/p9_mr.nii.gz", Thick(truth, factor: 2));
        File.WriteAllText(this["plan.json"], """
            {"method": "srresnet-3d", "imageSize": 64, "factor": 2, "patchSize": 16, "patchDepth": 4, "generatorWidth": 8, "blocks": 1, "tailWidth": 4, "batchSize": 2,
             "learningRate": 0.004, "emaDecay": 0.9, "maxSteps": 150, "device": "cpu", "threads": 1}
            """);
        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["train"], "--validate", "p3", "--out", this["model"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
        Assert.Contains("held-out patients (p3)", trained.Errors);
        var made = await Thin("thick", "nifti");
        Assert.DoesNotContain("would fit better", made.Errors);
        using var stream = File.OpenRead(this["out/p9_mr.nii.gz"]);
        var thin = NiftiReader.Read(stream, float.NaN);
        AssertSamePlace(truth.Geometry, thin.Geometry);
        double Error(float[] values) => Math.Sqrt(values.Zip(truth.Voxels, (x, y) => Math.Pow(Math.Min(x, Intensity.MrMax) - Math.Min(y, Intensity.MrMax), 2)).Average());
        var bicubic = Bicubic(Thick(truth, factor: 2), factor: 2);
        Assert.True(Error(thin.Values) < 0.97 * Error(bicubic), $"{Error(thin.Values)} against {Error(bicubic)}");
    }

    [Fact]
    public void ThinnedGeometry_HasItsSlicesWithinThoseOfBefore()
    {
        var g = new PhantomGrid(8, 3, 2, 6).Geometry;
        var thin = g.EnlargedThroughPlane(3);
        Assert.Equal((9, 2.0, 8, 8), (thin.Slices, thin.SliceSpacingMm, thin.Columns, thin.Rows));
        for (var k = 0; k < 3; k++) Assert.Equal(0, (thin.PositionMm(2, 5, 3 * k + 1) - g.PositionMm(2, 5, k)).Length, 1e-9);
    }

    [Fact]
    public async Task WrongUse_IsRefusedAllAtOnce()
    {
        Nifti("train/p1_mr.nii.gz", Phantom.Truth(PhantomPatient.Create(1), PhantomModality.MrT1, new PhantomGrid(64, 6, 3.7, 16)));
        await Train(32, steps: 1, "train");
        var refused = await VerbProcess.RunAsync(Ct, "generate", this["model"], "--size", "64", "--out", this["out"]);
        Assert.Equal(2, refused.ExitCode);
        foreach (var part in new[] { "--in DIR", "--format dicom or nifti", "--size belongs to" }) Assert.Contains(part, refused.Errors);
        File.WriteAllText(this["plan.json"], File.ReadAllText(this["plan.json"]).Replace("\"factor\": 2", "\"factor\": 2, \"slices\": 3", StringComparison.Ordinal));
        Assert.Contains("sees one slice", (await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["train"], "--out", this["other"])).Errors);
    }

    private async Task Train(int size, int steps, string folder, string rate = "0.003")
    {
        File.WriteAllText(this["plan.json"], $$"""
            {"method": "srresnet", "imageSize": {{size}}, "factor": 2, "axes": "throughPlane", "degradation": "sliceProfile", "patchSize": 32, "generatorWidth": 16, "blocks": 2, "tailWidth": 8, "batchSize": 4,
             "learningRate": {{rate}}, "emaDecay": 0.9, "maxSteps": {{steps}}, "device": "cpu", "threads": 1}
            """);
        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this[folder], "--out", this["model"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
    }

    private async Task<VerbProcess> Thin(string folder, string format)
    {
        var made = await VerbProcess.RunAsync(Ct, "generate", this["model"], "--in", this[folder], "--out", this["out"], "--format", format);
        Assert.True(made.ExitCode == 0, made.Errors);
        return made;
    }

    private void Nifti(string name, Volume volume)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        using var stream = File.Create(this[name]);
        NiftiWriter.Write(stream, volume.Geometry, volume.Voxels, null, "test", "relative", zipped: true);
    }

    // a Gaussian profile as wide as thick slices are far apart, by its formula
    private static Volume Thick(Volume v, int factor)
    {
        var (g, fwhm) = (v.Geometry, (double)factor);
        var voxels = new float[g.Length / factor];
        for (var k = 0; k < g.Slices / factor; k++)
        {
            var centre = factor * (k + 0.5) - 0.5;
            var weights = Enumerable.Range(0, g.Slices).Select(z => Math.Exp(-4 * Math.Log(2) * Math.Pow((z - centre) / fwhm, 2))).ToArray();
            for (var i = 0; i < g.SliceLength; i++)
                voxels[k * g.SliceLength + i] = (float)(Enumerable.Range(0, g.Slices).Sum(z => weights[z] * v.Voxels[z * g.SliceLength + i]) / weights.Sum());
        }
        return new Volume(v.Modality, g with { Slices = g.Slices / factor, SliceSpacingMm = factor * g.SliceSpacingMm, OriginMm = g.PositionMm(0, 0, (factor - 1) / 2.0) }, voxels);
    }

    private static float[] Bicubic(Volume v, int factor)
    {
        var (g, n) = (v.Geometry, v.Geometry.Slices);
        return [.. Enumerable.Range(0, factor * n).SelectMany(z => Enumerable.Range(0, g.SliceLength).Select(i =>
        {
            var place = (z + 0.5) / factor - 0.5;
            return (float)Enumerable.Range((int)Math.Floor(place) - 1, 4).Sum(k => BicubicUpsampling.Kernel(place - k) * v.Voxels[Math.Clamp(k, 0, n - 1) * g.SliceLength + i]);
        }))];
    }

    private static void AssertSamePlace(VolumeGeometry expected, VolumeGeometry actual)
    {
        Assert.Equal((expected.Columns, expected.Rows, expected.Slices), (actual.Columns, actual.Rows, actual.Slices));
        foreach (var (c, r, k) in new[] { (0, 0, 0), (expected.Columns - 1, 0, 0), (0, expected.Rows - 1, 0), (3, 4, expected.Slices - 1) })
            Assert.Equal(0, (expected.PositionMm(c, r, k) - actual.PositionMm(c, r, k)).Length, 1e-2);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
