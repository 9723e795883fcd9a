using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public class ImagePoolTests
{
    private static Tensor Batch(int first, int count) => tensor([.. Enumerable.Range(first, count).Select(i => (float)i)], [count, 1, 1, 1]);

    private static float[] Values(Tensor batch) => batch.data<float>().ToArray();

    [Fact]
    public void Pool_UntilFull_HandsImagesOn()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(4, 1, 1, new SeededRandom(1), CPU);
        Assert.Equal([1, 2, 3, 4], Values(pool.Exchange(Batch(1, 4))));
        Assert.Equal(4, pool.Count);
    }

    [Fact]
    public void FullPool_ExchangesAboutHalf_AndLosesNoImage()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(10, 1, 1, new SeededRandom(1), CPU);
        pool.Exchange(Batch(0, 10));
        var shown = Values(pool.Exchange(Batch(10, 400)));
        var unchanged = shown.Index().Count(s => s.Item == s.Index + 10);
        Assert.InRange(unchanged, 160, 240); // binomial(400, 1/2): standard deviation 10
        Assert.Equal(Enumerable.Range(0, 410).Select(i => (float)i), shown.Concat(Values(pool.Images)).Order());
    }

    [Fact]
    public void PoolOfNone_HandsEveryImageOn()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(0, 1, 1, new SeededRandom(1), CPU);
        pool.Exchange(Batch(0, 5));
        Assert.Equal([5, 6, 7], Values(pool.Exchange(Batch(5, 3))));
    }

    [Fact]
    public void RestoredPool_ShowsWhatWouldHaveBeenShown()
    {
        using var scope = NewDisposeScope();
        using var pool = new ImagePool(5, 1, 1, new SeededRandom(1), CPU);
        pool.Exchange(Batch(0, 8));
        using var restored = new ImagePool(5, 1, 1, new SeededRandom(2), CPU);
        restored.Images.copy_(pool.Images);
        restored.Restore(pool.Count, pool.RandomState);
        Assert.Equal(Values(pool.Exchange(Batch(8, 50))), Values(restored.Exchange(Batch(8, 50))));
    }
}
