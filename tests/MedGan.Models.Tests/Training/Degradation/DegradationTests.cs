using MedGan.Models.Tests.Networks;
using MedGan.Models.Training;
using MedGan.Models.Training.Degradation;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training.Degradation;

/// <summary>NumPy's and SciPy's numbers come from bench/peers/super_resolution_fixtures.py.</summary>
public class DegradationTests
{
    [Theory]
    [InlineData(16, 24, 2), InlineData(18, 12, 3), InlineData(24, 16, 4), InlineData(20, 12, 4)]
    public void KSpaceTruncation_IsNumPysFftCroppedAndTransformedBack(int height, int width, int factor)
    {
        using var scope = NewDisposeScope();
        foreach (var window in Enum.GetValues<KSpaceWindow>())
            SuperResolutionFixture.AssertOperator(
                $"kspace_{height}x{width}_{factor}_{window.ToString().ToLowerInvariant()}",
                AxisOperator.Apply(SuperResolutionFixture.Image(height, width), KSpaceTruncation.Of(height, factor, window), KSpaceTruncation.Of(width, factor, window)), 2e-6);
    }

    [Theory]
    [InlineData(16, 24, 2), InlineData(18, 12, 3), InlineData(24, 16, 4), InlineData(20, 12, 4)]
    public void DetectorBlur_IsSciPysCorrelationAndTheMeanOfSquares(int height, int width, int factor)
    {
        using var scope = NewDisposeScope();
        SuperResolutionFixture.AssertOperator(
            $"blur_{height}x{width}_{factor}", AxisOperator.Apply(SuperResolutionFixture.Image(height, width), DetectorBlur.Of(height, factor, 1.7), DetectorBlur.Of(width, factor, 1.7)), 2e-6);
    }

    [Fact]
    public void KSpaceTruncation_KeepsLowFrequenciesWhereTheyAre_AndRemovesHighOnes()
    {
        const int n = 48, factor = 4, m = n / factor;
        var operation = KSpaceTruncation.Of(n, factor, KSpaceWindow.None);
        for (var frequency = 0; frequency <= n / 2; frequency++)
        {
            var low = Applied(operation, [.. Enumerable.Range(0, n).Select(i => Math.Cos(2 * Math.PI * frequency * i / n + 0.4))]);
            for (var i = 0; i < m; i++)
                Assert.Equal(frequency < m / 2 ? Math.Cos(2 * Math.PI * frequency * (factor * (i + 0.5) - 0.5) / n + 0.4) : 0, low[i], frequency == m / 2 ? 1 : 1e-9); // m / 2 is kept in part
        }
    }

    [Fact]
    public void KSpaceTruncation_KeepsTheMean_AndTheEnergyOfWhatItKeeps()
    {
        var signal = Enumerable.Range(0, 60).Select(i => Math.Sin(0.3 * i * i)).ToArray();
        var low = Applied(KSpaceTruncation.Of(60, 4, KSpaceWindow.None), signal); // 15 frequencies: none without a partner
        Assert.Equal(signal.Average(), low.Average(), 1e-12);
        var kept = 0.0; // Parseval: the mean square is the sum of the squared Fourier coefficients
        for (var k = -7; k <= 7; k++)
        {
            var (re, im) = (signal.Select((v, i) => v * Math.Cos(2 * Math.PI * k * i / 60)).Average(), signal.Select((v, i) => v * Math.Sin(2 * Math.PI * k * i / 60)).Average());
            kept += re * re + im * im;
        }
        Assert.Equal(kept, low.Average(v => v * v), 1e-12);
        Assert.Equal(signal.Average(), Applied(KSpaceTruncation.Of(60, 4, KSpaceWindow.Hann), signal).Average(), 1e-12);
    }

    [Theory]
    [InlineData("kSpace", 24), InlineData("slice", 24), InlineData("blur", 24), InlineData("kSpace", 18)]
    public void Degradation_OfAMirroredSignal_IsMirrored_AndKeepsConstants(string kind, int length)
    {
        var operation = kind switch { "kSpace" => KSpaceTruncation.Of(length, 3, KSpaceWindow.None), "slice" => SliceProfile.Of(length, 3, SliceShape.Gaussian, 3, 1), _ => DetectorBlur.Of(length, 3, 1.5) };
        var signal = Enumerable.Range(0, length).Select(i => Math.Sin(0.3 * i * i)).ToArray();
        var (forth, back) = (Applied(operation, signal), Applied(operation, [.. signal.Reverse()]));
        Assert.All(forth.Zip(back.Reverse()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.All(Applied(operation, [.. Enumerable.Repeat(0.3, length)]), v => Assert.Equal(0.3, v, 1e-12));
    }

    [Theory]
    [InlineData(SliceShape.Gaussian), InlineData(SliceShape.Trapezoid)]
    public void SliceProfile_IsHalfAsHighAtHalfItsWidth_AndHasTheStatedAreaInMillimetres(SliceShape shape)
    {
        const double fwhm = 5, spacing = 0.1;
        Assert.Equal(1, SliceProfile.At(shape, 0, fwhm));
        Assert.Equal(0.5, SliceProfile.At(shape, fwhm / 2, fwhm), 1e-12);
        Assert.Equal(0.5, SliceProfile.At(shape, -fwhm / 2, fwhm), 1e-12);
        // what one thin slice gives to a thick one: the profile over its integral, which is FWHM sqrt(pi / (4 ln 2)) or FWHM
        var weights = SliceProfile.Of(400, 40, shape, fwhm, spacing).Weights;
        var integral = shape == SliceShape.Gaussian ? fwhm * Math.Sqrt(Math.PI / (4 * Math.Log(2))) : fwhm;
        var centre = 40 * 4.5 - 0.5;
        foreach (var j in new[] { 150, 170, 180, 200 })
            Assert.Equal(SliceProfile.At(shape, (j - centre) * spacing, fwhm) * spacing / integral, weights[4, j], 2e-5);
    }

    [Fact]
    public void DetectorBlur_WithoutBlur_KeepsTheMeanOfAnyImage()
    {
        var signal = Enumerable.Range(0, 40).Select(i => Math.Sin(0.3 * i * i)).ToArray();
        Assert.Equal(signal.Average(), Applied(DetectorBlur.Of(40, 4, 0), signal).Average(), 1e-12);
    }

    [Fact]
    public void Operators_OfALengthThatIsNoMultiple_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => KSpaceTruncation.Of(50, 4, KSpaceWindow.None));
        Assert.Throws<ArgumentException>(() => DetectorBlur.Of(50, 4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SliceProfile.Of(48, 4, SliceShape.Gaussian, 0, 1));
    }

    [Fact]
    public void RicianNoise_HasRayleighsMomentsWithoutSignal_AndRicesSecondMomentWithIt()
    {
        using var scope = NewDisposeScope();
        const double sigma = 0.05;
        var air = (AcquisitionNoise.Rician(full([1, 1, 200, 200], -1f), sigma, new SeededRandom(1)) + 1) / 2;
        Assert.Equal(sigma * Math.Sqrt(Math.PI / 2), air.mean().ToDouble(), 0.01 * sigma);
        Assert.Equal(sigma * Math.Sqrt(2 - Math.PI / 2), air.std().ToDouble(), 0.02 * sigma);
        var tissue = (AcquisitionNoise.Rician(full([1, 1, 200, 200], 0.2f), sigma, new SeededRandom(2)) + 1) / 2;
        Assert.Equal(0.36 + 2 * sigma * sigma, tissue.square().mean().ToDouble(), 0.001); // E m^2 = s^2 + 2 sigma^2
    }

    [Theory]
    [InlineData(0), InlineData(2)]
    public void GaussianNoise_HasItsDeviation_AndItsCorrelation(double fwhm)
    {
        using var scope = NewDisposeScope();
        var noise = AcquisitionNoise.Gaussian(zeros(4, 1, 128, 128), 0.05, fwhm, new SeededRandom(3)) / 2;
        Assert.Equal(0.05, noise.std().ToDouble(), 0.002);
        var neighbours = (noise.narrow(3, 0, 127) * noise.narrow(3, 1, 127)).mean().ToDouble() / (0.05 * 0.05);
        Assert.Equal(fwhm == 0 ? 0 : Math.Exp(-2 * Math.Log(2) / (fwhm * fwhm)), neighbours, 0.03); // a Gaussian kernel's with itself
    }

    [Fact]
    public void Noise_OfOneSeed_IsTheSameToTheBit()
    {
        using var scope = NewDisposeScope();
        var image = rand(1, 1, 8, 8);
        Tensor Noisy(int seed) => AcquisitionNoise.Gaussian(AcquisitionNoise.Rician(image, 0.1, new SeededRandom(seed)), 0.1, 1, new SeededRandom(seed + 50));
        Assert.True(Noisy(1).equal(Noisy(1)).all().ToBoolean());
        Assert.False(Noisy(1).equal(Noisy(2)).any().ToBoolean());
    }

    private static double[] Applied(AxisOperator operation, double[] signal) =>
        [.. Enumerable.Range(0, operation.Outputs).Select(i => Enumerable.Range(0, operation.Inputs).Sum(j => operation.Weights[i, j] * signal[j]))];
}
