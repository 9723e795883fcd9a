using System.Text.Json;
using MedGan.Dicom.Files.Nifti;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.CommandLine;
using MedGan.Jobs.Images.Folders;
using MedGan.Phantoms;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>The verbs on volumes: phantoms' CT and MR of the same head.</summary>
public sealed class VolumeVerbsTests : IDisposable
{
    private const int Patients = 4, Slices = 16;

    private readonly string root = Directory.CreateTempSubdirectory("medgan-volumes-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string this[string name] => Path.Combine(root, name);

    [Fact]
    public async Task PhantomVolumes_AreTrainedOn_AndTranslated()
    {
        foreach (var (folder, modality) in new[] { ("ct", PhantomModality.Ct), ("mr", PhantomModality.MrT1) })
        {
            Directory.CreateDirectory(this[folder]);
            for (var patient = 0; patient < Patients; patient++)
            {
                var volume = Phantom.Render(PhantomPatient.Create(100 + patient), modality, new PhantomGrid(Columns: 48, Slices: Slices, PixelSpacingMm: 5, SliceSpacingMm: 9));
                using var stream = File.Create(Path.Combine(this[folder], $"pat{patient}.nii.gz"));
                NiftiWriter.Write(stream, volume.Geometry, volume.Voxels, null, "phantom", IntensityScale.Of(volume.Modality).Unit, zipped: true);
            }
        }
        File.WriteAllText(this["plan.json"], """
            {"method": "residual-unet-3d", "imageSize": 32, "patchSize": 16, "patchDepth": 4, "levels": 1, "generatorWidth": 8, "residualBlocks": 1, "batchSize": 2, "accumulate": 2,
             "learningRate": 0.003, "emaDecay": 0.9, "maxSteps": 60, "sampleEverySteps": 30, "device": "cpu", "threads": 1}
            """);

        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["ct"], this["mr"], "--validate", "pat3", "--out", this["model"], "--json");
        Assert.True(trained.ExitCode == 0, trained.Errors);
        Assert.Contains("3 pairs of volumes to train on, 1 of held-out patients (pat3)", trained.Errors);
        Assert.True(File.Exists(this["model/samples/step-0000030.png"]));

        var generated = await VerbProcess.RunAsync(Ct, "generate", this["model"], "--in", this["ct"], "--out", this["synthetic"], "--format", "nifti", "--json");
        Assert.True(generated.ExitCode == 0, generated.Errors);
        Assert.Equal(Patients, JsonDocument.Parse(generated.Output).RootElement.GetProperty("files").GetArrayLength());

        var options = new ImageFolderOptions { Size = 32 };
        double Error(string folder) => PairedFolders.Read(this["mr"], this[folder], options, options, Ct).Pairs.Where(p => p.A.Patient == "pat3")
            .Average(p => p.A.Pixels.Zip(p.B.Pixels).Average(v => Math.Abs((double)v.First - v.Second)));
        var (ours, untranslated) = (Error("synthetic"), Error("ct"));
        Assert.True(ours < 0.8 * untranslated, $"{ours} against {untranslated}");

        var evaluated = await VerbProcess.RunAsync(Ct, "evaluate", "--real", this["mr"], "--generated", this["synthetic"], "--paired", "--size", "32", "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        Assert.Contains("air only and do not count", evaluated.Errors); // the slices above and below the head
    }

    [Fact]
    public void Slices_WithAGapBetweenThem_AreTwoVolumes()
    {
        var (one, two) = (new FolderSeries("one", "p", "c"), new FolderSeries("two", "q", "c"));
        var images = new[] { (two, 4), (one, 3), (one, 0), (one, 1), (two, 5), (one, 4) }
            .Select(i => new FolderImage($"{i.Item1.Name}/{i.Item2}", i.Item1, i.Item2, [], null, IntensityScale.Of(Modality.CT), new PicturePlacement(1, 1)));
        Assert.Equal(["two/4 two/5", "one/0 one/1", "one/3 one/4"], SliceRuns.Of(images, i => i).Select(run => string.Join(' ', run.Select(i => i.Name))));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
