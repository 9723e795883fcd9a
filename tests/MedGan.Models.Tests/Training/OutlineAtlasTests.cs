using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public class OutlineAtlasTests
{
    [Fact]
    public void Atlas_OfDiscs_KnowsAirAndInside()
    {
        using var scope = NewDisposeScope();
        using var atlas = new OutlineAtlas(TinyCohort.B.Select(i => i.Pixels), TinyCohort.Size, CPU);
        var atDepths = atlas.At(tensor([-0.99f, -0.95f, 0.75f, 0.95f], [1, 1, 2, 2]));
        Assert.Equal([1, 1, 2, 2], atDepths.shape);
        Assert.Equal([-0.9, -0.9, 0.1, 0.1], atDepths.data<float>().ToArray().Select(v => Math.Round(v, 1)));
    }
}
