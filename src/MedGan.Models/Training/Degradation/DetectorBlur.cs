namespace MedGan.Models.Training.Degradation;

/// <summary>
/// A tomograph with larger pixels: the point spread function (a Gaussian) and then the mean over the f samples that a pixel covers. Constants are kept exactly,
/// and without blur the mean of any image is.
/// </summary>
public static class DetectorBlur
{
    /// <param name="length">Samples, a multiple of the factor.</param>
    /// <param name="factor">f, at least 1.</param>
    /// <param name="fwhm">Full width at half maximum of the point spread function, in samples; 0 = none.</param>
    public static AxisOperator Of(int length, int factor, double fwhm)
    {
        var area = new double[AxisOperator.Shorter(length, factor), length];
        for (var j = 0; j < length; j++) area[j / factor, j] = 1.0 / factor;
        var mean = new AxisOperator(area);
        return fwhm > 0 ? SliceProfile.Of(length, 1, SliceShape.Gaussian, fwhm, spacingMm: 1).Then(mean) : mean;
    }
}
