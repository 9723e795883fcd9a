using System.Text.Json;
using FellowOakDicom;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>The verbs as processes, on folders of pictures: discs whose inside is bright in one folder and dark in the other.</summary>
public sealed class VerbsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("medgan-verbs-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string this[string name] => Path.Combine(root, name);

    [Fact]
    public async Task Pairs_AreTrainedOn_TranslatedAndEvaluated()
    {
        Discs("ct", bright: true);
        Discs("mr", bright: false);
        Plan("plan.json", """{"method": "residual-unet", "imageSize": 32, "generatorWidth": 4, "levels": 2, "residualBlocks": 1, "discriminatorWidth": 4, "batchSize": 2, "learningRate": 0.003, "emaDecay": 0.9, "maxSteps": 120, "sampleEverySteps": 60, "device": "cpu", "threads": 1}""");

        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["ct"], this["mr"], "--validate", "pat3", "--out", this["model"], "--json");
        Assert.True(trained.ExitCode == 0, trained.Errors);
        Assert.Equal(120, JsonDocument.Parse(trained.Output).RootElement.GetProperty("steps").GetInt32());
        Assert.Contains("held-out patients (pat3)", trained.Errors);
        foreach (var file in new[] { "weights.safetensors", "plan.json", "metrics.json", "data.json", "model-card.md", "samples/step-0000060.png" }) Assert.True(File.Exists(Path.Combine(this["model"], file)), file);
        Assert.DoesNotContain("pat3", File.ReadAllText(Path.Combine(this["model"], "data.json")) + File.ReadAllText(Path.Combine(this["model"], "model-card.md")));

        foreach (var format in new[] { "png", "nifti", "dicom" })
        {
            var generated = await VerbProcess.RunAsync(Ct, "generate", this["model"], "--in", this["ct"], "--out", this[format], "--format", format, "--json");
            Assert.True(generated.ExitCode == 0, generated.Errors);
            Assert.Equal(8, JsonDocument.Parse(generated.Output).RootElement.GetProperty("images").GetInt32());
        }
        var dicom = DicomFile.Open(Directory.GetFiles(this["dicom"], "*.dcm", SearchOption.AllDirectories)[0]);
        Assert.Contains("SYNTHETIC", dicom.Dataset.ToString() + string.Join(' ', dicom.Dataset.Select(item => dicom.Dataset.TryGetString(item.Tag, out var text) ? text : "")), StringComparison.OrdinalIgnoreCase);

        var evaluated = await VerbProcess.RunAsync(Ct, "evaluate", "--real", this["mr"], "--generated", this["png"], "--paired", "--size", "32", "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Errors);
        var untrained = await VerbProcess.RunAsync(Ct, "evaluate", "--real", this["mr"], "--generated", this["ct"], "--paired", "--size", "32", "--json");
        double Mae(VerbProcess report) => JsonDocument.Parse(report.Output).RootElement.GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == "mae").GetProperty("value").GetDouble();
        Assert.True(Mae(evaluated) < 0.5 * Mae(untrained), $"{Mae(evaluated)} against {Mae(untrained)}");
    }

    [Fact]
    public async Task TrainingThatIsDone_IsNotDoneAgain_AndOneWithAGreaterBudgetGoesOn()
    {
        Discs("ct", bright: true);
        Discs("mr", bright: false);
        string Steps(int steps) => $$"""{"method": "cut", "imageSize": 32, "generatorWidth": 4, "residualBlocks": 3, "discriminatorWidth": 4, "batchSize": 1, "patches": 16, "device": "cpu", "threads": 1, "maxSteps": {{steps}}}""";
        Plan("plan.json", Steps(4));
        Plan("more.json", Steps(6));
        async Task<(int Steps, string Errors)> Train(string plan)
        {
            var trained = await VerbProcess.RunAsync(Ct, "train", this[plan], "--data", this["ct"], this["mr"], "--out", this["model"], "--json");
            Assert.True(trained.ExitCode == 0, trained.Errors);
            return (JsonDocument.Parse(trained.Output).RootElement.GetProperty("steps").GetInt32(), trained.Errors);
        }
        Assert.Equal(4, (await Train("plan.json")).Steps);
        var again = await Train("plan.json");
        Assert.Equal(4, again.Steps);
        Assert.Contains("Going on from step 4.", again.Errors);
        Assert.Equal(6, (await Train("more.json")).Steps);
    }

    /// <summary>A plan without a method is one of CycleGAN, as the first plans were.</summary>
    [Fact]
    public async Task UnpairedDomains_AreTranslatedBothWays()
    {
        Discs("ct", bright: true);
        Discs("mr", bright: false);
        Plan("plan.json", """{"imageSize": 32, "generatorWidth": 4, "residualBlocks": 1, "discriminatorWidth": 4, "poolSize": 2, "maxSteps": 2, "device": "cpu", "threads": 1}""");
        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["ct"], this["mr"], "--out", this["model"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
        Assert.Equal("cyclegan", JsonDocument.Parse(File.ReadAllText(Path.Combine(this["model"], "plan.json"))).RootElement.GetProperty("method").GetString());
        foreach (var (folder, reverse) in new[] { ("ct", Array.Empty<string>()), ("mr", ["--reverse"]) })
        {
            var generated = await VerbProcess.RunAsync(Ct, ["generate", this["model"], "--in", this[folder], "--out", this[folder + "-made"], .. reverse]);
            Assert.True(generated.ExitCode == 0, generated.Errors);
            Assert.Equal(8, Directory.GetFiles(this[folder + "-made"], "*.png", SearchOption.AllDirectories).Length);
        }
    }

    [Theory]
    [InlineData("""{"method": "pix2pix", "imageSize": 48, "batchSize": 0, "maxSteps": 1}""", "imageSize", "batchSize")]
    [InlineData("""{"method": "nothing"}""", "method must be one of")]
    [InlineData("""{"method": "pix2pix", "imageSize": 32, "maxSteps": 1}""", "--data has 1", "two folders")]
    public async Task WrongUse_IsRefusedInSentences_AndNothingIsWritten(string plan, params string[] reasons)
    {
        Discs("ct", bright: true);
        Plan("plan.json", plan);
        var refused = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["ct"], "--out", this["model"]);
        Assert.Equal(2, refused.ExitCode);
        foreach (var reason in reasons) Assert.Contains(reason, refused.Errors);
        Assert.DoesNotContain("   at ", refused.Errors);
        Assert.False(Directory.Exists(this["model"]));
    }

    [Fact]
    public async Task FolderWithoutAModel_IsRefused()
    {
        var refused = await VerbProcess.RunAsync(Ct, "generate", root, "--in", root, "--out", this["out"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("no model folder", refused.Errors);
    }

    private void Plan(string name, string json) => File.WriteAllText(this[name], json);

    private void Discs(string folder, bool bright) => DiscPictures.Write(this[folder], bright);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
