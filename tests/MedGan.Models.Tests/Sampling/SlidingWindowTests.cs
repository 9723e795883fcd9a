using MedGan.Models.Sampling;

namespace MedGan.Models.Tests.Sampling;

public sealed class SlidingWindowTests
{
    [Theory]
    [InlineData(0.0), InlineData(0.25), InlineData(0.5), InlineData(0.75)]
    public void PatchesThatAreGivenBack_MakeTheVolume(double overlap)
    {
        var volume = Enumerable.Range(0, 13 * 19 * 19).Select(i => MathF.Sin(0.7f * i)).ToArray();
        var blended = SlidingWindow.Blend(volume, 13, 19, patchDepth: 8, patchSize: 8, overlap, patch => patch);
        Assert.All(volume.Zip(blended), v => Assert.Equal(v.First, v.Second, 1e-6f));
    }

    /// <summary>Patches of 8 at 0 and 4 along each axis, of one value each: between them the values fade into each other linearly.</summary>
    [Fact]
    public void PatchesOfDifferentValues_FadeIntoEachOtherLinearly_AlongEveryAxis()
    {
        const int side = 12;
        var calls = 0;
        var values = new[] { 3f, -1, 10, 0.5f, 7, -4, 2, 6 }; // slices first, columns last
        var blended = SlidingWindow.Blend(new float[side * side * side], side, side, 8, 8, 0.5, patch =>
        {
            Array.Fill(patch, values[calls++]);
            return patch;
        });
        Assert.Equal(8, calls);
        double Share(int at) => Math.Clamp((at - 4 + 0.5) / 4, 0, 1); // of the second patch
        for (var i = 0; i < blended.Length; i++)
        {
            var (z, y, x) = (Share(i / (side * side)), Share(i / side % side), Share(i % side));
            var expected = 0.0;
            for (var p = 0; p < 8; p++) expected += values[p] * ((p & 4) > 0 ? z : 1 - z) * ((p & 2) > 0 ? y : 1 - y) * ((p & 1) > 0 ? x : 1 - x);
            Assert.Equal(expected, blended[i], 1e-5);
        }
    }

    /// <summary>Patches that disagree by 1 leave no step larger than a linear fade over their overlap has.</summary>
    [Theory]
    [InlineData(20, 0.25), InlineData(21, 0.5), InlineData(30, 0.5)]
    public void PatchesThatDisagree_LeaveNoSeam(int size, double overlap)
    {
        var calls = 0;
        var across = SlidingWindow.Starts(size, 8, (int)(overlap * 8)).Length;
        var blended = SlidingWindow.Blend(new float[4 * size * size], 4, size, 4, 8, overlap, patch =>
        {
            Array.Fill(patch, calls++ % across % 2);
            return patch;
        });
        var line = blended[..size];
        Assert.Equal(0, line.Min(), 1e-5f);
        Assert.True(line.Max() > 0.7f);
        Assert.True(line.Zip(line.Skip(1)).Max(v => Math.Abs(v.First - v.Second)) <= 1 / (overlap * 8) + 1e-5);
    }

    [Theory]
    [InlineData(5, 8, 4), InlineData(8, 8, 4), InlineData(9, 8, 4), InlineData(100, 16, 0), InlineData(101, 16, 8), InlineData(37, 16, 12)]
    public void Patches_CoverAnAxis_AndOverlapAsAsked(int length, int patch, int overlap)
    {
        var starts = SlidingWindow.Starts(length, patch, overlap);
        Assert.Equal(0, starts[0]);
        Assert.Equal(Math.Max(0, length - patch), starts[^1]);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, patch - overlap));
    }

    [Fact]
    public void VolumeOfFewerSlicesThanAPatch_IsSeenWithItsLastSliceRepeated()
    {
        var volume = Enumerable.Range(0, 3 * 64).Select(i => (float)(i / 64)).ToArray();
        var seen = Array.Empty<float>();
        var blended = SlidingWindow.Blend(volume, 3, 8, 8, 8, 0.5, patch => seen = patch);
        Assert.Equal(volume, blended);
        Assert.Equal([0, 1, 2, 2, 2, 2, 2, 2], seen.Chunk(64).Select(slice => slice.Distinct().Single()));
    }
}
