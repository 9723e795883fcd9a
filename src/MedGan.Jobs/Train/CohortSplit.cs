using MedGan.Models.Training;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Train;

/// <summary>
/// Which patients train and which are held out, over both modalities: a patient with CT and MR plays one part in both,
/// else what is held out of one side would be learnt from the other.
/// </summary>
public static class CohortSplit
{
    /// <summary>The part of every patient, by pseudonym; deterministic in the two sets and the seed.</summary>
    public static IReadOnlyDictionary<string, SourceSplit> Of(
        IEnumerable<string> ctPatients, IEnumerable<string> mrPatients, long seed)
    {
        string[] ct = [.. ctPatients.Distinct(StringComparer.Ordinal)], mr = [.. mrPatients.Distinct(StringComparer.Ordinal)];
        var parts = new Dictionary<string, SourceSplit>(StringComparer.Ordinal);
        // The smaller cohort first: each side then has patients to train on, however the two overlap.
        foreach (var cohort in ct.Length <= mr.Length ? new[] { ct, mr } : [mr, ct])
            Assign([.. cohort.Where(patient => !parts.ContainsKey(patient))]);
        return parts;

        void Assign(string[] patients)
        {
            if (patients.Length == 0) return;
            var split = PatientSplit.Of(patients, seed);
            foreach (var patient in split.Train) parts[patient] = SourceSplit.Train;
            foreach (var patient in split.Validation) parts[patient] = SourceSplit.Validation;
            foreach (var patient in split.Test) parts[patient] = SourceSplit.Test;
        }
    }
}
