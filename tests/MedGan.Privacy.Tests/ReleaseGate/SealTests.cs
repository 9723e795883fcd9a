using MedGan.Privacy.ReleaseGate;
using Xunit;

namespace MedGan.Tests.Privacy.ReleaseGate;

using Gate = MedGan.Privacy.ReleaseGate.ReleaseGate;

public sealed class SealTests
{
    private static readonly GateKey key = GateKey.Create();
    private static readonly ReleasedInstance released = Release();

    private static ReleasedInstance Release() => new Gate(key, new GateOptions { PlantedImages = 3 }, Heads.Embed).Judge(new GateInput(
        Heads.Size, Heads.Cohort("train", 10, 4, 1), Heads.Cohort("held", 6, 4, 2), HeldOutKind.SameModality, Heads.Cohort("fresh", 5, 1, 3))).Released[0];

    [Fact]
    public void Seal_WithItsContent_Opens()
    {
        var again = Gate.Reopen(key, released.Seal, Heads.Content(released.ImageId));
        Assert.Equal((released.ImageId, released.ContentSha256, released.JudgedAt), (again.ImageId, again.ContentSha256, again.JudgedAt));
        Assert.Equal(released.Evidence.Scores, again.Evidence.Scores);
        Assert.Equal(released.Seal, again.Seal);
    }

    [Fact]
    public void Seal_WithOtherContent_IsRefused() =>
        Assert.Throws<SealBrokenException>(() => Gate.Reopen(key, released.Seal, Heads.Content("another")));

    [Fact]
    public void Seal_OfAnotherKey_IsRefused() =>
        Assert.Throws<SealBrokenException>(() => Gate.Reopen(GateKey.Create(), released.Seal, Heads.Content(released.ImageId)));

    [Fact]
    public void Seal_WithAnyCharacterChanged_IsRefused()
    {
        byte[] content = Heads.Content(released.ImageId);
        for (int at = 0; at < released.Seal.Length; at++)
        {
            char other = released.Seal[at] == '1' ? '2' : '1';
            string changed = released.Seal[..at] + other + released.Seal[(at + 1)..];
            Assert.Throws<SealBrokenException>(() => Gate.Reopen(key, changed, content));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"released\":null,\"hmacSha256\":\"00\"}")]
    [InlineData("{\"released\":null,\"hmacSha256\":null}")]
    [InlineData("[1]")]
    public void Seal_ThatIsNone_IsRefused(string seal) =>
        Assert.Throws<SealBrokenException>(() => Gate.Reopen(key, seal, Heads.Content(released.ImageId)));

    [Fact]
    public void Seal_WithAPropertyAdded_IsRefused() =>
        Assert.Throws<SealBrokenException>(() => Gate.Reopen(key, released.Seal.Replace("\"version\":1", "\"version\":1,\"note\":1"), Heads.Content(released.ImageId)));
}
