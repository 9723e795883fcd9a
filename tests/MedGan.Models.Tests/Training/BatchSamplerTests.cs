using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class BatchSamplerTests
{
    [Fact]
    public void Epoch_DrawsEveryImageOnce()
    {
        var sampler = new BatchSampler(10, seed: 1, stream: 1);
        Assert.Equal(Enumerable.Range(0, 10), sampler.Next(4).Concat(sampler.Next(6)).Order());
        Assert.Equal(Enumerable.Range(0, 10), sampler.Next(10).Order());
    }

    [Fact]
    public void Batch_LargerThanTheCohort_Repeats() => Assert.Equal([0, 0, 0, 1, 1, 1], new BatchSampler(2, seed: 1, stream: 1).Next(6).Order());

    [Fact]
    public void RestoredState_DrawsWhatWouldHaveComeNext()
    {
        var sampler = new BatchSampler(10, seed: 1, stream: 1);
        sampler.Next(7);
        var state = sampler.State;
        var expected = sampler.Next(25);
        var restored = new BatchSampler(10, seed: 99, stream: 5) { State = state };
        Assert.Equal(expected, restored.Next(25));
    }

    [Fact]
    public void State_OfAnotherCohort_IsRefused()
    {
        var sampler = new BatchSampler(3, seed: 1, stream: 1);
        Assert.Throws<ArgumentException>(() => sampler.State = new BatchSampler(4, seed: 1, stream: 1).State);
        Assert.Throws<ArgumentException>(() => sampler.State = new SamplerState([1, 2, 3, 4], [0, 0, 1], 0));
    }
}
