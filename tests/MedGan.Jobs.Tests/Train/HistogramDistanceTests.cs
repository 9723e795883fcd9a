using MedGan.Jobs.Train;

namespace MedGan.Jobs.Tests.Train;

public sealed class HistogramDistanceTests
{
    private static readonly float[] Ramp = [.. Enumerable.Range(0, 1000).Select(n => (float)n)];

    [Fact]
    public void Between_ShiftedValues_IsTheShift() =>
        Assert.Equal(25, HistogramDistance.Between(Ramp, [.. Ramp.Select(v => v + 25)]), tolerance: 1e-3);

    [Fact]
    public void Between_SameValuesInAnotherOrderAndNumber_IsZero() =>
        Assert.Equal(0, HistogramDistance.Between(Ramp, [.. Ramp.Reverse().Concat(Ramp)]), tolerance: 1);

    [Fact]
    public void Between_NothingToCompare_IsRefused() =>
        Assert.Throws<ArgumentException>(() => HistogramDistance.Between(Ramp, []));
}
