using System.Diagnostics;
using System.Globalization;
using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training;
using MedGan.Testing;

namespace MedGan.Models.Tests.Checkpoints;

public class CheckpointFolderTests
{
    private static void Save(CheckpointFolder checkpoints, long step, string content) =>
        checkpoints.Save(step, folder => File.WriteAllText(Path.Combine(folder, "part"), content));

    private static string? Last(CheckpointFolder checkpoints) => checkpoints.LastComplete() is { } folder ? File.ReadAllText(Path.Combine(folder, "part")) : null;

    [Fact]
    public void LastComplete_OfNothing_IsNull()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(new CheckpointFolder(folder["never-made"]).LastComplete());
    }

    [Fact]
    public void LastComplete_IsTheNewest_AndOnlyTwoAreKept()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        foreach (var step in (long[])[9, 10, 11]) Save(checkpoints, step, $"at {step}");
        Assert.Equal("at 11", Last(checkpoints));
        Assert.Equal(["step-0000000010", "step-0000000011"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WriterThatDies_LeavesTheEarlierCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Save(checkpoints, 1, "at 1");
        Assert.Throws<IOException>(() => checkpoints.Save(2, unfinished =>
        {
            File.WriteAllText(Path.Combine(unfinished, "part"), "half");
            throw new IOException("No space left on device");
        }));
        Assert.Equal("at 1", Last(checkpoints));
        Save(checkpoints, 2, "at 2");
        Assert.Equal("at 2", Last(checkpoints));
    }

    [Theory]
    [InlineData("bit flipped", "part is not what was written: its SHA-256 is another")]
    [InlineData("shortened", "part is not what was written: its SHA-256 is another")]
    [InlineData("part missing", "part cannot be read")]
    [InlineData("manifest missing", "manifest.json cannot be read")]
    [InlineData("manifest empty", "manifest.json cannot be read")]
    [InlineData("manifest cut", "manifest.json cannot be read")]
    [InlineData("manifest names none", "manifest.json names no part")]
    [InlineData("manifest points outside", "../part lies outside the checkpoint")]
    public void DamagedCheckpoint_IsPassedOver_AndSaidWithItsFile(string damage, string said)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Save(checkpoints, 1, "at 1");
        Save(checkpoints, 2, "at 2");
        Assert.Empty(checkpoints.Damaged());
        var (part, manifest) = (folder["step-0000000002/part"], folder["step-0000000002/manifest.json"]);
        if (damage == "bit flipped") File.WriteAllBytes(part, [.. File.ReadAllBytes(part).Select((b, i) => (byte)(i == 2 ? b ^ 1 : b))]);
        if (damage == "shortened") File.WriteAllText(part, "at");
        if (damage == "part missing") File.Delete(part);
        if (damage == "manifest missing") File.Delete(manifest);
        if (damage == "manifest empty") File.WriteAllText(manifest, "");
        if (damage == "manifest cut") File.WriteAllText(manifest, File.ReadAllText(manifest)[..20]);
        if (damage == "manifest names none") File.WriteAllText(manifest, "{}");
        if (damage == "manifest points outside") File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("part", "../part", StringComparison.Ordinal));
        Assert.Equal("at 1", Last(checkpoints));
        Assert.Contains("step-0000000002/" + said, Assert.Single(checkpoints.Damaged()));
        Save(checkpoints, 2, "at 2 again");
        Assert.Equal("at 2 again", Last(checkpoints));
        Assert.Empty(checkpoints.Damaged());
    }

    [Fact]
    public void SameStep_SavedAgain_DoesNotReplaceTheOldOneBeforeItIsThere()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Save(checkpoints, 7, "first");
        checkpoints.Save(7, unfinished =>
        {
            File.WriteAllText(Path.Combine(unfinished, "part"), "second");
            Assert.Equal("first", Last(checkpoints));
        });
        Assert.Equal("second", Last(checkpoints));
        Save(checkpoints, 7, "third");
        Assert.Equal("third", Last(checkpoints));
        Save(checkpoints, 8, "eighth");
        Assert.Equal("eighth", Last(checkpoints));
        Assert.Equal(2, Directory.GetDirectories(folder.Path).Length);
    }

    /// <summary>Every state that a kill can leave, in the order of <see cref="CheckpointFolder.Save"/>.</summary>
    [Theory]
    [InlineData("part half written", 2)]
    [InlineData("parts without manifest", 2)]
    [InlineData("manifest half written", 2)]
    [InlineData("sealed, not renamed", 2)]
    [InlineData("renamed, old one still there", 3)]
    [InlineData("old one's manifest removed", 3)]
    [InlineData("old one half removed", 3)]
    public void KillBetweenAnyTwoActs_LeavesAGoodCheckpoint(string state, int good)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        for (var step = 1; step <= 3; step++) Save(checkpoints, step, $"at {step}");
        var (third, unfinished) = (folder["step-0000000003"], folder["unfinished-3"]);
        if (good == 2)
        {
            Directory.Move(third, unfinished);
            var manifest = Path.Combine(unfinished, "manifest.json");
            if (state == "part half written") File.WriteAllText(Path.Combine(unfinished, "part"), "a");
            if (state is "part half written" or "parts without manifest") File.Delete(manifest);
            if (state == "manifest half written") File.WriteAllText(manifest, File.ReadAllText(manifest)[..9]);
        }
        else
        {
            Copy(folder["step-0000000002"], folder["step-0000000001"]);
            if (state != "renamed, old one still there") File.Delete(folder["step-0000000001/manifest.json"]);
            if (state == "old one half removed") File.Delete(folder["step-0000000001/part"]);
        }
        Assert.Equal($"at {good}", Last(checkpoints));
        Save(checkpoints, 4, "at 4");
        Assert.Equal("at 4", Last(checkpoints));
        Assert.Equal(2, Directory.GetDirectories(folder.Path).Length);
    }

    [Fact]
    public async Task WriterThatIsKilled_AtAnyMoment_NeverLosesWhatItHadSaved()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder["checkpoints"]);
        var random = new Random(3);
        var saved = 0L;
        for (var life = 0; life < 10; life++)
        {
            var start = new ProcessStartInfo("dotnet", [BuiltProgram.Dll("tests/MedGan.TrainingProcess"), "checkpoints", folder["checkpoints"], $"{saved + 1}"]) { RedirectStandardOutput = true };
            using var writer = Process.Start(start)!;
            await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            writer.Kill();
            var told = await writer.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken); // each line a step whose Save has returned
            saved = Math.Max(saved + 1, told.Split('\n')[..^1].Select(long.Parse).LastOrDefault());

            var last = checkpoints.LastComplete();
            Assert.NotNull(last);
            var step = long.Parse(Path.GetFileName(last).Split('-')[1], CultureInfo.InvariantCulture);
            Assert.InRange(step, saved, saved + 1);
            foreach (var part in (string[])["one", "two"]) Assert.All(File.ReadAllBytes(Path.Combine(last, part)), b => Assert.Equal((byte)step, b));
            saved = step;
        }
    }

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
