namespace MedGan.Models.Training;

/// <summary>One slice to train on, and what it shows.</summary>
/// <param name="PatientId">Our pseudonym of the patient: the unit of every split.</param>
/// <param name="Class">One of the plan's classes.</param>
/// <param name="Pixels">Channel after channel, rows of a square image, float32 in [-1, 1].</param>
public sealed record ClassImage(string PatientId, string Class, float[] Pixels);
