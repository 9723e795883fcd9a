using MedGan.Models.Regularizers;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Regularizers;

/// <summary>Each regulariser on networks whose gradients are known in closed form: linear, D(x) = a . x, and quadratic, D(x) = x . B x / 2 with B diagonal.</summary>
public class RegularizerTests
{
    // sin(0.7 i + phase), in double precision
    private static double[] Waves(double phase, int count) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(0.7 * i + phase))];

    private static Tensor Images(double phase, int n = 3) => tensor(Waves(phase, n * 4)).reshape(n, 1, 2, 2);

    private static double Square(IEnumerable<double> values) => values.Sum(v => v * v);

    [Fact]
    public void R1_OfALinearDiscriminator_IsHalfItsSlopeSquared_AndItsGradientTheSlope()
    {
        using var scope = NewDisposeScope();
        var slope = tensor(Waves(1, 4)).requires_grad_(true);
        var images = Images(0).requires_grad_(true);
        var penalty = GradientNormPenalty.Of(images.flatten(1).mv(slope), images);
        Assert.Equal(Square(Waves(1, 4)) / 2, penalty.ToDouble(), 1e-12);
        penalty.backward();
        Assert.All(slope.grad!.data<double>().ToArray().Zip(Waves(1, 4)), pair => Assert.Equal(pair.Second, pair.First, 1e-12)); // d/da |a|^2 / 2
    }

    [Fact]
    public void R1_OfAQuadraticDiscriminator_IsTheMeanOfItsGradients()
    {
        using var scope = NewDisposeScope();
        var diagonal = tensor(Waves(1, 4)).requires_grad_(true);
        var images = Images(0).requires_grad_(true);
        var penalty = GradientNormPenalty.Of((images.flatten(1).square() * diagonal).sum(1) / 2, images);
        var (b, x) = (Waves(1, 4), Waves(0, 12));
        Assert.Equal(Square(x.Select((value, i) => value * b[i % 4])) / 2 / 3, penalty.ToDouble(), 1e-12);
        penalty.backward();
        var expected = b.Select((weight, k) => weight * Square(Enumerable.Range(0, 3).Select(n => x[4 * n + k])) / 3);
        Assert.All(diagonal.grad!.data<double>().ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void GradientPenalty_OfALinearDiscriminator_IsItsSlopesDistanceFromOne()
    {
        using var scope = NewDisposeScope();
        var slope = tensor(Waves(1, 4)).requires_grad_(true);
        var penalty = WassersteinGradientPenalty.Of(images => images.flatten(1).mv(slope), Images(0), Images(2), tensor(new[] { 0.1, 0.5, 1 }));
        var norm = Math.Sqrt(Square(Waves(1, 4)));
        Assert.Equal((norm - 1) * (norm - 1), penalty.ToDouble(), 1e-9);
        penalty.backward();
        Assert.All(slope.grad!.data<double>().ToArray().Zip(Waves(1, 4)), pair => Assert.Equal(2 * (norm - 1) * pair.Second / norm, pair.First, 1e-9));
    }

    [Fact]
    public void GradientPenalty_OfAQuadraticDiscriminator_IsTakenBetweenTheImages()
    {
        using var scope = NewDisposeScope();
        double[] mix = [0.1, 0.5, 1];
        var penalty = WassersteinGradientPenalty.Of(images => images.flatten(1).square().sum(1) / 2, Images(0), Images(2), tensor(mix)); // grad D(u) = u
        var (x, y) = (Waves(0, 12), Waves(2, 12));
        var expected = mix.Select((e, n) => Math.Sqrt(Square(Enumerable.Range(4 * n, 4).Select(i => e * x[i] + (1 - e) * y[i]))) - 1).Select(d => d * d).Average();
        Assert.Equal(expected, penalty.ToDouble(), 1e-9);
    }

    [Fact]
    public void WeightClipping_LeavesNoWeightOutside_AndThoseInsideAlone()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 1);
        using (no_grad()) network.weight.copy_(tensor(new[] { -3f, 0.005f }, [1, 2]));
        WeightClipping.Apply(network, 0.01);
        Assert.Equal([-0.01f, 0.005f], network.weight.data<float>().ToArray());
        Assert.InRange(network.bias!.item<float>(), -0.01f, 0.01f);
    }

    [Fact]
    public void Orthogonal_IsTheSquareOfTheRowsProducts_NotOfTheirLengths()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Linear(2, 2);
        using (no_grad()) network.weight.copy_(tensor(new[] { 3f, 4, 1, 2 }, [2, 2]));
        Assert.Equal(2 * 11.0 * 11, OrthogonalPenalty.Of(network).ToDouble(), 1e-3); // (3, 4) . (1, 2) = 11, above and below the diagonal
        using (no_grad()) network.weight.copy_(tensor(new[] { 3f, 4, -4, 3 }, [2, 2]));
        Assert.Equal(0, OrthogonalPenalty.Of(network).ToDouble(), 1e-6);
    }

    [Fact]
    public void PathLength_OfALinearGenerator_IsTheDistanceFromTheRunningMean()
    {
        using var scope = NewDisposeScope();
        // G(w)[n] = the same 2 x 2 image for each: scale * (w0 + w1) in all four pixels
        var scale = tensor(2.0).requires_grad_(true);
        var styles = tensor(Waves(0, 6)).reshape(3, 1, 2).requires_grad_(true);
        var noise = Images(1);
        var images = (styles.sum(2) * scale).reshape(3, 1, 1, 1).expand(3, 1, 2, 2);
        using var path = new PathLengthPenalty(CPU);
        path.Mean.copy_(tensor(1.5f));
        var penalty = path.Of(images, styles, noise);

        var y = Waves(1, 12);
        var sums = Enumerable.Range(0, 3).Select(n => Math.Abs(Enumerable.Range(4 * n, 4).Sum(i => y[i])) / 2).ToArray(); // the root of 4 pixels
        var lengths = sums.Select(s => 2 * s * Math.Sqrt(2)).ToArray(); // both coordinates of w
        var mean = 0.99 * 1.5 + 0.01 * lengths.Average();
        Assert.Equal(mean, path.Mean.item<float>(), 1e-6);
        Assert.Equal(lengths.Average(length => (length - mean) * (length - mean)), penalty.ToDouble(), 1e-6);
        penalty.backward();
        Assert.Equal(lengths.Zip(sums, (length, s) => 2 * (length - mean) * s * Math.Sqrt(2)).Average(), scale.grad!.ToDouble(), 1e-6);
    }

    [Fact]
    public void PathLength_OfSeveralLayers_IsTheRootOfTheMeanOverLayers()
    {
        using var scope = NewDisposeScope();
        var styles = zeros(1, 2, 1, dtype: ScalarType.Float64).requires_grad_(true);
        var images = (3 * styles.narrow(1, 0, 1) + 4 * styles.narrow(1, 1, 1)).reshape(1, 1, 1, 1);
        using var path = new PathLengthPenalty(CPU);
        path.Of(images, styles, ones(1, 1, 1, 1, dtype: ScalarType.Float64));
        Assert.Equal(0.01 * Math.Sqrt((9 + 16) / 2.0), path.Mean.item<float>(), 1e-7);
    }

    [Fact]
    public void MinibatchStandardDeviation_IsTheMeanDeviationOfTheGroup()
    {
        using var scope = NewDisposeScope();
        using var layer = new MinibatchStandardDeviation(largestGroup: 2);
        var values = Waves(0, 16);
        var x = tensor(values).reshape(4, 1, 2, 2);
        var result = layer.call(x);
        Assert.Equal([4, 2, 2, 2], result.shape);
        // groups are images 0 and 2, and 1 and 3; of two values the deviation is half their distance
        double Expected(int first) => Enumerable.Range(0, 4).Average(i => Math.Sqrt(Math.Pow((values[4 * first + i] - values[4 * (first + 2) + i]) / 2, 2) + 1e-8));
        for (var n = 0; n < 4; n++)
        {
            Assert.Equal(values[(4 * n)..(4 * n + 4)], result[n, 0].flatten().data<double>().ToArray());
            Assert.All(result[n, 1].flatten().data<double>().ToArray(), v => Assert.Equal(Expected(n % 2), v, 1e-12));
        }
    }

    [Fact]
    public void MinibatchStandardDeviation_OfABatchThatItsGroupDoesNotDivide_TakesASmallerOne()
    {
        using var scope = NewDisposeScope();
        using var layer = new MinibatchStandardDeviation(largestGroup: 4);
        Assert.Equal([9, 2, 2, 2], layer.call(Images(0, 9)).shape); // groups of 3
        Assert.Equal(1e-4, layer.call(Images(0, 1))[0, 1, 0, 0].ToDouble(), 1e-12); // alone: nothing but the root of epsilon
    }

    [Fact]
    public void FeatureMatchingAndConsistency_AreSquaredDistances()
    {
        using var scope = NewDisposeScope();
        var (real, fake) = (tensor(new double[] { 1, 2, 3, 4 }, [2, 2]).requires_grad_(true), tensor(new double[] { 0, 1, 0, 1 }, [2, 2]).requires_grad_(true));
        var matching = FeatureMatchingLoss.Of(real, fake);
        Assert.Equal((4 + 4) / 2.0, matching.ToDouble(), 1e-12); // means (2, 3) and (0, 1)
        matching.backward();
        Assert.Null(real.grad);
        Assert.All(fake.grad!.flatten().data<double>().ToArray(), slope => Assert.Equal(-1, slope, 1e-12));
        Assert.Equal((1 + 9) / 2.0, ConsistencyPenalty.Of(tensor(new double[] { 1, 2 }), tensor(new double[] { 2, -1 })).ToDouble(), 1e-12);
    }

    [Fact]
    public void LeCam_PullsScoresTowardsTheOthersAverage()
    {
        using var scope = NewDisposeScope();
        using var penalty = new LeCamPenalty(0.9, CPU);
        penalty.Averages.copy_(tensor(new[] { 1f, -1 }));
        var result = penalty.Of(tensor(new[] { 2f, 4 }), tensor(new[] { -2f, 0 }));
        Assert.Equal([0.9f + 0.3f, -0.9f - 0.1f], penalty.Averages.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((9 + 25) / 2.0 + (3.2 * 3.2 + 1.2 * 1.2) / 2, result.ToDouble(), 1e-5);
    }
}
