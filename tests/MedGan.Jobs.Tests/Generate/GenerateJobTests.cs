using MedGan.Dicom.Volumes;
using MedGan.Jobs.Generate;

namespace MedGan.Jobs.Tests.Generate;

public sealed class GenerateJobTests(PhantomChain chain)
{
    [Fact]
    public async Task Generate_EverySourceSeries_HasOneSyntheticSeriesInTheOtherModality()
    {
        var series = await chain.Site.SeriesAsync(chain.Set);
        Assert.Equal(2 * PhantomChain.Patients, series.Count);
        foreach (var one in series)
        {
            var source = chain.Snapshot.Series.Single(s => s.Id == one.SourceSeriesId);
            Assert.Equal(SyntheticVolume.Other(source.Modality).ToString(), one.TargetModality);
            Assert.Equal(source.Split, one.SourceSplit);
            Assert.Equal(source.Patient, one.SourcePatientPseudonym);
            Assert.Equal(12, one.ReleasedCount + one.WithheldCount);
            Assert.DoesNotContain(source.Patient, one.SyntheticPatientId);
        }
    }

    [Fact]
    public void Names_SeriesOfOneStudy_ShareStudyAndPatientButNotSeries()
    {
        var first = chain.Snapshot.Series[0];
        var second = first with { Id = Guid.NewGuid(), Modality = Modality.MR };
        var other = first with { Id = Guid.NewGuid(), Study = "2.25.1" };
        var names = new SyntheticNames(chain.Set, chain.Snapshot with { Series = [first, second, other] });
        Assert.Equal(names.Study(first), names.Study(second));
        Assert.NotEqual(names.Series(first), names.Series(second));
        Assert.NotEqual(names.Study(first), names.Study(other));
        Assert.Equal(names.Patient(first), names.Patient(other));
        Assert.NotEqual(names.Study(first), new SyntheticNames(Guid.NewGuid(), chain.Snapshot).Study(first));
    }
}
