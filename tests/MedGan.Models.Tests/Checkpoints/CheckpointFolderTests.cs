using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training;

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
    [InlineData("altered")]
    [InlineData("shortened")]
    [InlineData("part missing")]
    [InlineData("manifest missing")]
    [InlineData("manifest empty")]
    public void DamagedCheckpoint_IsPassedOver(string damage)
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path);
        Save(checkpoints, 1, "at 1");
        Save(checkpoints, 2, "at 2");
        var (part, manifest) = (folder["step-0000000002/part"], folder["step-0000000002/manifest.json"]);
        if (damage == "altered") File.WriteAllText(part, "at 3");
        if (damage == "shortened") File.WriteAllText(part, "at");
        if (damage == "part missing") File.Delete(part);
        if (damage == "manifest missing") File.Delete(manifest);
        if (damage == "manifest empty") File.WriteAllText(manifest, "");
        Assert.Equal("at 1", Last(checkpoints));
        Save(checkpoints, 2, "at 2 again");
        Assert.Equal("at 2 again", Last(checkpoints));
    }
}
