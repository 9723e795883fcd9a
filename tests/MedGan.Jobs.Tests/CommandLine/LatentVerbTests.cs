using System.Text.Json;

namespace MedGan.Jobs.Tests.CommandLine;

/// <summary>The latent space of a small model, seen with the verbs; training is in no test's interest here.</summary>
public sealed class LatentVerbTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("medgan-latent-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string this[string name] => Path.Combine(root, name);

    [Fact]
    public async Task StyledModel_IsInterpolated_Mixed_Moved_AndFindsImages()
    {
        await Train("stylegan2-ada");

        var way = await Latent("interpolate", "--points", "1@bright", "2@dark", "3@dark", "--steps", "4", "--out", this["way"]);
        Assert.Equal(7, way.Length);
        Assert.Equal(["bright", "bright", "dark", "dark"], way[..4].Select(p => p.Class));
        Assert.All(way[1].Values.Zip(way[0].Values.Zip(way[3].Values)), v => Assert.Equal(v.Second.First * 2 / 3 + v.Second.Second / 3, v.First, 1e-4f)); // the straight way
        Assert.Equal(7, Directory.GetFiles(this["way"], "0*.png").Length);

        var mixed = await Latent("mix", "--coarse", "1@bright", "--fine", $"{this["way/latents.json"]}#0004", "3@dark", "--from-layer", "2", "--truncation", "0.7", "--out", this["mixed"]);
        Assert.Equal(["coarse001", "fine001", "fine002", "coarse001-fine001", "coarse001-fine002"], mixed.Select(p => p.Name));
        Assert.Equal(way[3].Values, mixed[1].Values); // the point of the file, as it was
        Assert.NotEqual(way[0].Values, mixed[0].Values); // a seed, truncated
        var (layers, dimensions) = (Layers(mixed[0].Values), 16);
        Assert.Equal([.. mixed[0].Values[..(2 * dimensions)], .. mixed[1].Values[(2 * dimensions)..]], mixed[3].Values);

        var moved = await Latent("directions", "--point", "1@bright", "--count", "2", "--steps", "3", "--amount", "2", "--from-layer", "1", "--to-layer", "3", "--out", this["moved"]);
        Assert.Equal(6, moved.Length);
        Assert.Equal(way[0].Values, moved[1].Values); // the middle is not moved
        foreach (var layer in Enumerable.Range(0, layers))
        {
            var distance = Math.Sqrt(Enumerable.Range(layer * dimensions, dimensions).Sum(i => Math.Pow(moved[0].Values[i] - moved[1].Values[i], 2)));
            Assert.Equal(layer is 1 or 2 ? 2 : 0, distance, 1e-4);
        }

        var found = await Latent("project", "--in", this["discs"], "--steps", "5", "--out", this["found"]);
        Assert.Equal(16, found.Length);
        Assert.All(found, p => Assert.InRange(p.Error!.Value, 0.01, 2));
        Assert.Equal(["bright", "dark"], found.Select(p => p.Class).Distinct().Order());
        Assert.True(File.Exists(this["found/bright/pat0_slice0.png"]));
        foreach (var output in new[] { "way", "mixed", "moved", "found" }) Assert.True(File.Exists(this[output + "/sheet.png"]));

        var wrong = await Verb("directions", this["model"], "--point", "1@grey", "--count", "99", "--steps", "1", "--amount", "0", "--truncation", "2", "--from-layer", "50", "--out", this["wrong"]);
        Assert.Equal(2, wrong.ExitCode);
        foreach (var part in new[] { "no class grey", "--count", "--steps", "--amount", "--truncation", "--from-layer" }) Assert.Contains(part, wrong.Errors);
        Assert.False(Directory.Exists(this["wrong"]));
        Assert.Contains("#0099", (await Verb("interpolate", this["model"], "--points", "1@dark", $"{this["way/latents.json"]}#0099", "--out", this["wrong"])).Errors);
    }

    [Fact]
    public async Task ModelWithoutStyles_IsInterpolatedInItsLatents_AndRefusedByNameElsewhere()
    {
        await Train("dcgan");
        var way = await Latent("interpolate", "--points", "1", "2", "--class", "dark", "--steps", "3", "--out", this["way"]);
        // the middle of the arc: as far from the one as from the other, and as long as they are, nearly
        double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b).Sum(v => Math.Pow(v.First - v.Second, 2)));
        Assert.Equal(3, way.Length);
        var (first, last) = (Distance(way[0].Values, new float[15]), Distance(way[2].Values, new float[15]));
        Assert.InRange(Distance(way[1].Values, new float[15]), 0.95 * Math.Min(first, last), 1.05 * Math.Max(first, last));
        foreach (var arguments in new[] { new[] { "mix", "--coarse", "1", "--fine", "2" }, ["directions"], ["project", "--in", this["discs"]], ["interpolate", "--points", "1", "2", "--space", "w"] })
        {
            var refused = await Verb([arguments[0], this["model"], .. arguments[1..], "--out", this["wrong"]]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains("A model of method dcgan has no styles", refused.Errors);
        }
        Assert.Contains("of one class", (await Verb("interpolate", this["model"], "--points", "1@dark", "2@bright", "--out", this["wrong"])).Errors);
    }

    private static int Layers(float[] style) => style.Length / 16;

    private async Task Train(string method)
    {
        DiscPictures.Write(this["discs/bright"], bright: true);
        DiscPictures.Write(this["discs/dark"], bright: false);
        var dimensions = method == "dcgan" ? 15 : 16;
        File.WriteAllText(this["plan.json"], $$"""{"method": "{{method}}", "imageSize": 32, "classes": ["bright", "dark"], "latentDimensions": {{dimensions}}, "generatorWidth": 8, "discriminatorWidth": 8, "widestLayer": 16, "batchSize": 4, "maxSteps": 2, "device": "cpu", "threads": 1}""");
        var trained = await VerbProcess.RunAsync(Ct, "train", this["plan.json"], "--data", this["discs"], "--validate", "pat3", "--out", this["model"]);
        Assert.True(trained.ExitCode == 0, trained.Errors);
    }

    private async Task<Point[]> Latent(string verb, params string[] arguments)
    {
        var done = await Verb([verb, this["model"], .. arguments]);
        Assert.True(done.ExitCode == 0, done.Errors);
        return JsonDocument.Parse(File.ReadAllText(Path.Combine(arguments[^1], "latents.json"))).RootElement.GetProperty("images").Deserialize<Point[]>(JsonSerializerOptions.Web)!;
    }

    private static Task<VerbProcess> Verb(params string[] arguments) => VerbProcess.RunAsync(Ct, ["latent", .. arguments]);

    private sealed record Point(string Name, string Class, float[] Values, double? Error);

    public void Dispose() => Directory.Delete(root, recursive: true);
}
