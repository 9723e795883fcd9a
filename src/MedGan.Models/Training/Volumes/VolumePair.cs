namespace MedGan.Models.Training.Volumes;

/// <summary>One registered pair of volumes.</summary>
/// <param name="PatientId">Our pseudonym of the patient: the unit of every split.</param>
/// <param name="Slices">D, at least the plan's patchDepth.</param>
/// <param name="Source">D square slices, one after the other, rows of float32 in [-1, 1].</param>
/// <param name="Target">The same of the other modality.</param>
public sealed record VolumePair(string PatientId, int Slices, float[] Source, float[] Target);
