using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class SeededRandomTests
{
    [Fact]
    public void Words_FromAKnownState_AreXoshiros()
    {
        // worked by hand from the published algorithm: state (1, 2, 3, 4) gives rotl(2 * 5, 7) * 9 = 11520, then 0, then 1509978240
        var random = new SeededRandom(0) { State = [1, 2, 3, 4] };
        Assert.Equal([11520UL, 0UL, 1509978240UL], [random.NextWord(), random.NextWord(), random.NextWord()]);
    }

    [Fact]
    public void RestoredState_GivesTheSameNumbers()
    {
        var random = new SeededRandom(9, stream: 4);
        random.NextNormal();
        var state = random.State;
        var expected = Enumerable.Range(0, 5).Select(_ => random.NextNormal()).ToArray();
        random.State = state;
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => random.NextNormal()));
    }

    [Fact]
    public void Streams_OfOneSeed_Differ() => Assert.NotEqual(new SeededRandom(1, stream: 1).State, new SeededRandom(1, stream: 2).State);

    [Fact]
    public void Normal_HasMeanZeroAndVarianceOne()
    {
        var random = new SeededRandom(2);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextNormal()).ToArray();
        Assert.Equal(0, values.Average(), 0.02); // standard error 0.003
        Assert.Equal(1, values.Average(v => v * v), 0.03); // 0.0045
    }

    [Fact]
    public void FilledNormals_AreStandardNormal_AndIndependent()
    {
        var values = new float[100_001];
        var random = new SeededRandom(2);
        random.FillNormal(values);
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(v => v * v), 0.03);
        Assert.Equal(3, values.Average(v => Math.Pow(v, 4)), 0.15); // of a normal distribution; standard error 0.03
        Assert.Equal(0, values.Zip(values.Skip(1)).Average(p => p.First * p.Second), 0.02);
        Assert.Equal(0.0455, values.Count(v => Math.Abs(v) > 2) / 100_001.0, 0.004); // beyond two deviations
        var again = new float[100_001];
        new SeededRandom(2).FillNormal(again);
        Assert.Equal(values, again);
    }

    [Fact]
    public void Next_IsUniform()
    {
        var random = new SeededRandom(3);
        var counts = new int[5];
        for (var i = 0; i < 50_000; i++) counts[random.Next(5)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500)); // standard deviation 89
    }
}
