using MedGan.Dicom.Volumes;
using MedGan.Jobs.Train;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Tests.Train;

public sealed class CohortSnapshotTests
{
    private static readonly SnapshotInstance First = new("2.25.1", new string('a', 64)), Second = new("2.25.2", new string('b', 64));

    [Fact]
    public void Sha256_SameObjectsInAnotherOrder_IsTheSame()
    {
        var one = new CohortSnapshot([Series(Modality.CT, First), Series(Modality.MR, Second)]);
        var other = new CohortSnapshot([Series(Modality.MR, Second), Series(Modality.CT, First)]);
        Assert.Equal(one.Sha256(), other.Sha256());
        Assert.Matches("^[0-9a-f]{64}$", one.Sha256());
    }

    [Fact]
    public void Sha256_OneObjectWithOtherContent_Differs()
    {
        var one = new CohortSnapshot([Series(Modality.CT, First, Second)]);
        var changed = new CohortSnapshot([Series(Modality.CT, First, Second with { Sha256 = new string('c', 64) })]);
        var fewer = new CohortSnapshot([Series(Modality.CT, First)]);
        Assert.Equal(3, new[] { one.Sha256(), changed.Sha256(), fewer.Sha256() }.Distinct().Count());
    }

    [Fact]
    public void Split_PatientInBothCohorts_PlaysOnePart()
    {
        string[] ct = [.. Enumerable.Range(0, 12).Select(n => $"p{n}")], mr = [.. Enumerable.Range(6, 12).Select(n => $"p{n}")];
        for (var seed = 0; seed < 20; seed++)
        {
            var parts = CohortSplit.Of(ct, mr, seed);
            Assert.Equal(18, parts.Count);
            foreach (var cohort in new[] { ct, mr })
                Assert.Contains(cohort, patient => parts[patient] == SourceSplit.Train);
            Assert.Equal(parts, CohortSplit.Of(ct.Reverse(), mr.Reverse(), seed));
        }
    }

    private static SnapshotSeries Series(Modality modality, params SnapshotInstance[] instances) =>
        new(Guid.NewGuid(), modality, "patient", "2.25.9", SourceSplit.Train, "work/volume", instances);
}
