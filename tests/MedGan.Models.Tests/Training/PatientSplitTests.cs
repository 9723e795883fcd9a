using MedGan.Models.Training;

namespace MedGan.Models.Tests.Training;

public class PatientSplitTests
{
    private static string[] Patients(int count) => [.. Enumerable.Range(0, count).Select(i => $"patient-{i:D3}")];

    [Theory]
    [InlineData(1, 1, 0, 0)]
    [InlineData(2, 1, 1, 0)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(4, 2, 1, 1)]
    [InlineData(8, 6, 1, 1)]
    [InlineData(10, 6, 2, 2)]
    [InlineData(100, 70, 15, 15)]
    public void Split_OfPatients_HasTheseSizes(int patients, int train, int validation, int test)
    {
        var split = PatientSplit.Of(Patients(patients), seed: 7);
        Assert.Equal((train, validation, test), (split.Train.Count, split.Validation.Count, split.Test.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(37)]
    public void Split_PutsEveryPatientInOnePart(int patients)
    {
        var split = PatientSplit.Of(Patients(patients), seed: 3);
        Assert.Equal(Patients(patients), split.Train.Concat(split.Validation).Concat(split.Test).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Split_DoesNotDependOnOrderOrRepetition()
    {
        var patients = Patients(20);
        var split = PatientSplit.Of(patients, seed: 11);
        var again = PatientSplit.Of([.. patients.Reverse(), .. patients], seed: 11);
        Assert.Equal(split.Train, again.Train);
        Assert.Equal(split.Validation, again.Validation);
        Assert.Equal(split.Test, again.Test);
    }

    [Fact]
    public void Split_OfAnotherSeed_IsAnother() =>
        Assert.NotEqual(PatientSplit.Of(Patients(20), seed: 1).Train, PatientSplit.Of(Patients(20), seed: 2).Train);

    [Fact]
    public void Split_OfNobody_IsRefused() => Assert.Throws<ArgumentException>(() => PatientSplit.Of([], seed: 1));
}
