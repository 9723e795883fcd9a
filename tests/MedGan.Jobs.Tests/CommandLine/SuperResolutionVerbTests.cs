using System.Text.Json;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>Super-resolution with the verbs, on pictures of discs.</summary>
public sealed class SuperResolutionVerbTests : IDisposable
{
    private const string Networks = """
        "imageSize": 32, "factor": 2, "patchSize": 32, "generatorWidth": 16, "blocks": 1, "tailWidth": 16, "batchSize": 4, "emaDecay": 0.9, "device": "cpu", "threads": 1
        """;

    private readonly string root = Directory.CreateTempSubdirectory("medgan-finer-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string this[string name] => Path.Combine(root, name);

    [Fact]
    public async Task ContentModel_IsMeasuredBesideBicubic_AndAGameStartsFromIt()
    {
        DiscPictures.Write(this["discs"], bright: true);
        File.WriteAllText(this["content.json"], $$"""{"method": "srresnet", {{Networks}}, "learningRate": 0.004, "maxSteps": 250, "sampleEverySteps": 100}""");
        File.WriteAllText(this["game.json"], $$"""{"method": "srgan", {{Networks}}, "pretrainShare": 0, "discriminatorWidth": 4, "maxSteps": 3}""");
        var trained = await Verb("train", this["content.json"], "--data", this["discs"], "--validate", "pat3", "--out", this["content"], "--json");
        Assert.Equal(0, trained.ExitCode);
        var validations = JsonDocument.Parse(File.ReadAllText(this["content/metrics.json"])).RootElement.GetProperty("validations").EnumerateArray().Select(v => v.GetProperty("step").GetInt32());
        Assert.Equal([100, 200, 250], validations); // the end too

        var game = await Verb("train", this["game.json"], "--data", this["discs"], "--validate", "pat3", "--from", this["content"], "--out", this["game"]);
        Assert.True(game.ExitCode == 0, game.Errors);
        Assert.Contains(this["content"], File.ReadAllText(this["game/plan.json"]));

        var measured = await Verb("evaluate", "--real", this["discs"], "--model", this["content"], "--patients", "pat3", "--sheet", this["sheet.png"], "--json");
        Assert.True(measured.ExitCode == 0, measured.Errors);
        var report = JsonDocument.Parse(measured.Output).RootElement;
        double Psnr(string of) => report.GetProperty(of).GetProperty("metrics").EnumerateArray().First(m => m.GetProperty("name").GetString() == "psnr").GetProperty("value").GetDouble();
        Assert.Equal(2, report.GetProperty("model").GetProperty("realImages").GetInt32());
        Assert.True(Psnr("model") > Psnr("bicubic"), $"{Psnr("model")} dB against {Psnr("bicubic")} dB");
        Assert.True(File.Exists(this["sheet.png"]));
    }

    [Fact]
    public async Task WrongOptions_AreToldAllAtOnce()
    {
        var refused = await Verb("evaluate", "--real", root, "--patches", "8", "--patients", "pat3", "--size", "4");
        Assert.Equal(2, refused.ExitCode);
        foreach (var sentence in new[] { "Either --generated or --model", "--patients belongs to --model", "--patches must be at least 16", "--patches needs --features", "--size must be at least 8" })
            Assert.Contains(sentence, refused.Errors);
    }

    private static Task<VerbProcess> Verb(params string[] arguments) => VerbProcess.RunAsync(Ct, arguments);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
