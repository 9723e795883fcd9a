namespace MedGan.Demo.Evaluation;

/// <summary>Mean absolute and mean square error, summed over masked pixels of many slices.</summary>
internal sealed class ErrorSum
{
    private double _absolute, _square;
    private long _pixels;

    public void Add(ReadOnlySpan<float> image, ReadOnlySpan<float> truth, ReadOnlySpan<bool> mask)
    {
        for (var i = 0; i < truth.Length; i++)
        {
            if (!mask[i]) continue;
            double difference = image[i] - truth[i];
            _absolute += Math.Abs(difference);
            _square += difference * difference;
            _pixels++;
        }
    }

    /// <param name="range">The data range that PSNR refers to.</param>
    public MethodError Of(string method, double range) =>
        new(method, _absolute / _pixels, 10 * Math.Log10(range * range * _pixels / _square));
}
