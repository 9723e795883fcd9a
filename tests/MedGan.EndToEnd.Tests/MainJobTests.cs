using System.Text.Json;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

public sealed class MainJobTests(PhantomMainJob job)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private string Out => job.Run.Out;
    private string[] DicomFiles => Directory.GetFiles(Path.Combine(Out, "dicom"), "*.dcm", SearchOption.AllDirectories);

    [Theory]
    [InlineData("report.html")]
    [InlineData("model-card.md")]
    [InlineData("model-card.json")]
    [InlineData("privacy-report.json")]
    [InlineData("privacy-report.md")]
    [InlineData("contact-sheet.png")]
    [InlineData("audit.jsonl")]
    public void MainJob_LeavesEveryPromisedFile(string name) =>
        Assert.True(new FileInfo(Path.Combine(Out, name)).Length > 200, $"{name} is missing or empty");

    [Fact]
    public void MainJob_ReleasesAsManyFilesAsTheGateLetThrough()
    {
        var released = job.Run.Result.GetProperty("privacy").EnumerateObject().Sum(m => m.Value.GetProperty("released").GetInt32());
        Assert.True(released > 0, "nothing was released: " + job.Run.Result);
        Assert.Equal(released, DicomFiles.Length);
    }

    [Fact]
    public void MainJob_ComparesWithTheTruth_AndItsExitCodeSaysWhetherTheBarWasMet()
    {
        var truth = job.Run.Result.GetProperty("truth");
        var (ours, mean, matched) = (Mae("synthetic"), Mae("meanTraining"), Mae("histogramMatched"));
        Assert.InRange(ours, 1, 2000);
        Assert.InRange(mean, 1, 2000);
        Assert.InRange(matched, 1, 2000);
        Assert.Equal(1 - ours / Math.Min(mean, matched), truth.GetProperty("gain").GetDouble(), 6);
        Assert.Equal(truth.GetProperty("gain").GetDouble() >= 0.25 ? 0 : 1, job.Run.ExitCode);

        double Mae(string method) => truth.GetProperty(method).GetProperty("mae").GetDouble();
    }

    [Fact]
    public async Task SyntheticSeries_PassDciodvfy_AndOpenInDcmdumpAndPydicom()
    {
        Assert.SkipUnless(BuiltProgram.OnPath("dciodvfy") && BuiltProgram.OnPath("dcmdump"), "dcmtk and dicom3tools are not installed");
        await DicomCheck.EveryFileIsValidAsync(DicomFiles, Ct);
    }

    [Fact]
    public async Task AuditExport_IsVerifiedOffline_AndOneChangedLetterIsFound()
    {
        var export = Path.Combine(Out, "audit.jsonl");
        Assert.Equal(0, (await VerifyAsync(export)).Code);

        var lines = await File.ReadAllLinesAsync(export, Ct);
        var victim = Array.FindIndex(lines, line => line.Contains("training.completed"));
        Assert.True(victim >= 0, "the audit holds no training.completed");
        lines[victim] = lines[victim].Replace("training.completed", "training.completeD");
        var forged = Path.Combine(job.Run.Service.Folder, "forged.jsonl");
        await File.WriteAllLinesAsync(forged, lines, Ct);
        var (code, output, error) = await VerifyAsync(forged);
        Assert.Equal(1, code);
        Assert.Contains((victim + 1).ToString(), output + error);

        Task<(int Code, string Output, string Error)> VerifyAsync(string file) => BuiltProgram.RunAsync("dotnet", [BuiltProgram.Dll("src/MedGan.Api"), "verify", file], Ct);
    }

    [Fact]
    public async Task AuditExport_TellsTheWholeWay()
    {
        var actions = (await File.ReadAllLinesAsync(Path.Combine(Out, "audit.jsonl"), Ct)).SelectMany(Actions).ToHashSet();
        foreach (var action in new[] { "upload.stored", "series.ingested", "job.queued", "job.succeeded", "training.completed", "set.generated", "set.judged", "set.published", "image.released", "set.downloaded" })
            Assert.Contains(action, actions);
    }

    private static IEnumerable<string> Actions(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("leaf", out var leaf) && leaf.ValueKind == JsonValueKind.Object && leaf.TryGetProperty("action", out var action) ? [action.GetString()!] : [];
    }
}
