namespace MedGan.Demo.Evaluation;

/// <summary>One method's mean absolute error against the phantom's truth, inside the head.</summary>
internal sealed record MethodError(string Method, double Mae, double Psnr);

/// <summary>Synthetic images of one modality against the truth, beside two answers that need no network.</summary>
/// <param name="Unit">HU, or parts of the MR unit.</param>
/// <param name="Patients">Held-out patients compared.</param>
/// <param name="Slices">Released slices compared.</param>
internal sealed record TruthComparison(string Title, string Unit, int Patients, int Slices, MethodError Synthetic, MethodError MeanTraining, MethodError HistogramMatched)
{
    /// <summary>How much smaller the error is than that of the better trivial answer, from 0 to 1.</summary>
    public double Gain => 1 - Synthetic.Mae / Math.Min(MeanTraining.Mae, HistogramMatched.Mae);

    public double GainOver(MethodError trivial) => 1 - Synthetic.Mae / trivial.Mae;
}
