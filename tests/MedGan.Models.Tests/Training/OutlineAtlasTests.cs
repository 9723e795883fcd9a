using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public class OutlineAtlasTests
{
    private static readonly OutlineAtlas Atlas = new(TinyCohort.A.Select(i => i.Pixels), TinyCohort.B.Select(i => i.Pixels), TinyCohort.Size);

    private static Tensor Pixels(params (float Value, float Depth)[] first)
    {
        var values = Enumerable.Repeat(-0.9f, 2 * TinyCohort.Size * TinyCohort.Size).ToArray();
        foreach (var (i, (value, depth)) in first.Index()) (values[i], values[values.Length / 2 + i]) = (value, depth);
        return tensor(values, [1, 2, TinyCohort.Size, TinyCohort.Size]);
    }

    [Fact]
    public void Expectation_DeepInsideAndFarOutside_IsTheOtherDomains()
    {
        using var scope = NewDisposeScope();
        var input = Pixels((0.8f, 0.95f), (-0.9f, -0.99f));
        Assert.Equal([1, 1, TinyCohort.Size, TinyCohort.Size], Atlas.AToB(input).shape);
        Assert.Equal([0.1, -0.9], Atlas.AToB(input).data<float>().ToArray()[..2].Select(v => Math.Round(v, 1)));
        Assert.Equal([0.8, -0.9], Atlas.BToA(Pixels((0.1f, 0.95f), (-0.9f, -0.99f))).data<float>().ToArray()[..2].Select(v => Math.Round(v, 1)));
    }

    [Fact]
    public void Expectation_FallsWithTheSourcesValue()
    {
        using var scope = NewDisposeScope();
        (float, float)[] rising = [.. Enumerable.Range(0, 20).Select(i => (0.06f + 0.004f * i, 0.95f))]; // around B's 0.1 with deviation 0.02
        var expected = Atlas.BToA(Pixels(rising)).data<float>().ToArray()[..20];
        Assert.True(expected[0] > expected[^1]);
        Assert.All(expected.Zip(expected.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
    }
}
