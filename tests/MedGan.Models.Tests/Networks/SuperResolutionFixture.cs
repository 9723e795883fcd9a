using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Networks;

/// <summary>Numbers of bench/peers/super_resolution_fixtures.py and torch_fixtures_super_resolution.py, and the waves that both sides put in.</summary>
internal static class SuperResolutionFixture
{
    private static readonly JsonElement Operators = Read("super-resolution.json"), Networks = Read("super-resolution-networks.json");

    public static JsonElement SqueezeNet => Networks.GetProperty("squeezenet");

    /// <summary>sin(0.7 i + phase).</summary>
    public static Tensor Wave(long[] shape, double phase = 0) => Of(shape, i => Math.Sin(0.7 * i + phase));

    /// <summary>sin(0.7 i + phase) + cos(0.11 i) / 2 as an image, [1,1,H,W].</summary>
    public static Tensor Image(int height, int width, double phase = 0) => Of([1, 1, height, width], i => Math.Sin(0.7 * i + phase) + 0.5 * Math.Cos(0.11 * i));

    public static void AssertOperator(string name, Tensor actual, double tolerance) => AssertEqual(Operators, name, actual, tolerance);

    public static void AssertNetwork(string name, Tensor actual, double tolerance) => AssertEqual(Networks, name, actual, tolerance);

    /// <summary>Every weight a tenth of a wave whose phase is its place among the names in order; activations' and normalisations' weights around 1/2.</summary>
    public static void Fill(nn.Module network)
    {
        using var noGrad = no_grad();
        foreach (var (phase, (name, weight)) in network.named_parameters().OrderBy(p => p.name, StringComparer.Ordinal).Index())
            weight.copy_(Wave(weight.shape, phase) * 0.1
                + (name.EndsWith("act.weight", StringComparison.Ordinal) || name.EndsWith("activation.weight", StringComparison.Ordinal) || name.Contains("norm", StringComparison.Ordinal) ? 0.5 : 0));
    }

    private static void AssertEqual(JsonElement fixture, string name, Tensor actual, double tolerance)
    {
        var expected = fixture.GetProperty("cases").GetProperty(name);
        Assert.Equal(expected.GetProperty("shape").EnumerateArray().Select(v => v.GetInt64()), actual.shape.Where((size, i) => actual.dim() == expected.GetProperty("shape").GetArrayLength() || i > 1));
        var values = expected.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ToArray();
        Assert.All(values.Zip(actual.detach().contiguous().data<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static Tensor Of(long[] shape, Func<long, double> value)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)value(i);
        return tensor(values, shape);
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", file))).RootElement;
}
