using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>One real CT patient with gantry tilt and uneven spacing, one real MR patient: the hardest case for the gate, since nobody is held out.</summary>
public sealed class RealDataTests
{
    [Fact]
    public async Task MainJob_OnOneRealCtAndOneRealMr_GivesValidSeries_WithholdsSome_AndKeepsNoOriginalValue()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        Assert.SkipUnless(BuiltProgram.OnPath("dciodvfy") && BuiltProgram.OnPath("dcmdump"), "dcmtk and dicom3tools are not installed");
        var (ctFolder, mrFolder) = (SharedData.Path("dicom_series", "CT_GE_HiSpeed_head"), SharedData.Path("dicom_series", "MR_T1w_axial"));

        await using var run = await MainJobRun.StartAsync(ct, "--ct", ctFolder, "--mr", mrFolder, "--minutes", "0.5", "--size", "32");

        var withheld = run.Result.GetProperty("privacy").EnumerateObject().Sum(m => m.Value.GetProperty("withheld").GetInt32());
        Assert.True(withheld > 0, "with one training patient a modality the gate withheld nothing");
        Assert.Matches("Too close to training image|Not certified", await File.ReadAllTextAsync(Path.Combine(run.Out, "privacy-report.md"), ct));
        var dicom = Path.Combine(run.Out, "dicom");
        if (Directory.Exists(dicom) && Directory.GetFiles(dicom, "*.dcm", SearchOption.AllDirectories) is { Length: > 0 } files) await DicomCheck.EveryFileIsValidAsync(files, ct);
        IdentityLeakTests.NothingIsFound(run, Directory.EnumerateFiles(ctFolder).Concat(Directory.EnumerateFiles(mrFolder)).SelectMany(IdentityLeakTests.OriginalValues).ToHashSet());
    }
}
