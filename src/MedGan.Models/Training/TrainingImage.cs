namespace MedGan.Models.Training;

/// <summary>One slice to train on.</summary>
/// <param name="PatientId">Our pseudonym of the patient: the unit of every split.</param>
/// <param name="Pixels">Rows of a square image, float32 in [-1, 1].</param>
public sealed record TrainingImage(string PatientId, float[] Pixels);
