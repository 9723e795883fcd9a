namespace MedGan.Models.Training.Volumes;

/// <summary>One volume to learn from.</summary>
/// <param name="PatientId">Our pseudonym of the patient: the unit of every split.</param>
/// <param name="Slices">D.</param>
/// <param name="Voxels">D square slices, one after the other, rows of float32 in [-1, 1].</param>
public sealed record TrainingVolume(string PatientId, int Slices, float[] Voxels);
