namespace MedGan.Demo.Cohorts;

/// <summary>The files of one modality, patient by patient.</summary>
/// <param name="Name">The cohort's name in the service.</param>
/// <param name="Patients">One entry a patient (the phantom) or one for all files (real folders, whose patients the service tells apart).</param>
internal sealed record DemoCohort(string Name, IReadOnlyList<DemoPatient> Patients)
{
    /// <summary>All files below a folder of real DICOM; the service itself refuses what is not DICOM.</summary>
    public static DemoCohort OfFolder(string name, string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw DemoException.WrongUse($"the folder {folder} holds no files");
        return new(name, [new DemoPatient(files, null)]);
    }
}

/// <param name="Files">The patient's DICOM files.</param>
/// <param name="Truth">For a phantom patient: the same head, noise-free, in the other modality.</param>
internal sealed record DemoPatient(IReadOnlyList<string> Files, PhantomTruth? Truth);
