using MedGan.Phantoms;

namespace MedGan.Demo.Cohorts;

/// <summary>CT and MR of different made-up patients: an unpaired cohort whose truth is known.</summary>
internal static class PhantomUpload
{
    public const int PatientsPerModality = 12;

    /// <summary>Writes the two cohorts' DICOM files below a folder.</summary>
    public static (DemoCohort Ct, DemoCohort Mr) Write(string folder)
    {
        var cohorts = new PhantomCohorts(PatientsPerModality, PatientsPerModality);
        return (Write("ct", cohorts.Ct, PhantomModality.Ct), Write("mr", cohorts.Mr, PhantomModality.MrT1));

        DemoCohort Write(string name, IEnumerable<PhantomPatient> patients, PhantomModality modality) => new(name, [.. patients.Index().AsParallel().AsOrdered().Select(p =>
            new DemoPatient(PhantomSeries.Write(p.Item, modality, Path.Combine(folder, name, $"{p.Index:D3}")), new PhantomTruth(p.Item, modality)))]);
    }
}
