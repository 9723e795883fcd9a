namespace MedGan.Models.Training.Paired;

/// <summary>One registered pair of slices.</summary>
/// <param name="PatientId">Our pseudonym of the patient: the unit of every split.</param>
/// <param name="Source">One or more square images, one after the other (2.5D: the slice in the middle, its neighbours around it), rows of float32 in [-1, 1].</param>
/// <param name="Target">One square image, of the slice in the middle.</param>
public sealed record PairedImage(string PatientId, float[] Source, float[] Target);
