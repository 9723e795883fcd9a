using System.Text.Json;
using static TorchSharp.Tests.ModuleCases;
using static TorchSharp.Tests.Waves;

namespace TorchSharp.Tests;

/// <summary>Layers and functions compute what PyTorch's do, and so do their gradients.</summary>
public sealed class ModuleFixtureTests
{
    public static TheoryData<string> Names => new(Fixture.GetProperty("cases").EnumerateObject().Select(c => c.Name));

    [Theory, MemberData(nameof(Names))]
    public void Module_AndItsGradients_AgreeWithPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        using var made = Make(name);
        var (wanted, inputs) = (Case(name), Inputs(name));
        var results = made.Run(inputs);
        Equal("result", wanted.GetProperty("results").EnumerateArray().ToList(), results);
        Loss(results)?.backward();
        var gradients = wanted.GetProperty("gradients").EnumerateArray().ToList();
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].requires_grad) Equal($"gradient of input {i}", gradients[i], inputs[i].grad ?? zeros_like(inputs[i]));
        if (!wanted.TryGetProperty("parameters", out var parameters))
        {
            Assert.Empty(made.Parameters);
            return;
        }
        Assert.Equal(parameters.EnumerateObject().Select(p => p.Name), made.Parameters.Select(p => p.name));
        foreach (var (parameterName, parameter) in made.Parameters)
            Equal($"gradient of {parameterName}", parameters.GetProperty(parameterName), parameter.grad ?? zeros_like(parameter));
        foreach (var buffer in wanted.GetProperty("buffers").EnumerateObject())
            Equal(buffer.Name, buffer.Value, made.Module!.get_buffer(buffer.Name)!);
    }

    /// <summary>A table entry without a case would be tested nowhere.</summary>
    [Fact]
    public void Table_HasNothingThatTheFixtureLacks() =>
        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), Fixture.GetProperty("cases").EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal));

    /// <summary>All results weighed together; null where none has a gradient.</summary>
    internal static Tensor? Loss(Tensor[] results)
    {
        Tensor? sum = null;
        for (var i = 0; i < results.Length; i++)
            if (results[i].requires_grad)
                sum = sum is null ? (results[i] * Wave(2.0 + i, results[i].shape)).sum() : sum + (results[i] * Wave(2.0 + i, results[i].shape)).sum();
        return sum;
    }

    public static TheoryData<string> Drawn => new(Fixture.GetProperty("inits").EnumerateObject().Select(c => c.Name));

    [Theory, MemberData(nameof(Drawn))]
    public void StartingValues_FromTheSameSeed_AreThoseOfPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        set_default_dtype(float64);
        try
        {
            torch.manual_seed(9);
            var found = name.EndsWith('_') ? new() { ["t"] = Started(name, empty(4, 2, 3)) } : Layer(name).state_dict();
            foreach (var wanted in Fixture.GetProperty("inits").GetProperty(name).EnumerateObject()) Equal(wanted.Name, wanted.Value, found[wanted.Name]);
        }
        finally
        {
            set_default_dtype(float32);
        }
    }

    private static Module Layer(string name) => name switch
    {
        "RNN" => RNN(3, 2, 2),
        "GRUCell" => GRUCell(3, 2),
        "Bilinear" => Bilinear(3, 4, 2),
        "ConvTranspose3d" => ConvTranspose3d(2, 3, 2),
        "Embedding" => Embedding(4, 3),
        "MultiheadAttention" => MultiheadAttention(4, 2, add_bias_kv: true),
        _ => TransformerEncoderLayer(4, 2, 6),
    };

    private static Tensor Started(string name, Tensor t) => name switch
    {
        "dirac_" => init.dirac_(t),
        "orthogonal_" => init.orthogonal_(t, 1.5),
        "xavier_uniform_" => init.glorot_uniform_(t, 2),
        "kaiming_normal_" => init.kaiming_normal_(t, 0.2, init.FanInOut.FanOut),
        "sparse_" => init.sparse_(t.view(6, 4), 0.3),
        "eye_" => init.eye_(t.view(4, 6)),
        _ => init.trunc_normal_(t, 0.5, 0.3, 0, 0.9),
    };

    private static void Equal(string what, List<JsonElement> wanted, Tensor[] actual)
    {
        Assert.Equal(wanted.Count, actual.Length);
        for (var i = 0; i < actual.Length; i++) Equal($"{what} {i}", wanted[i], actual[i]);
    }

    // The file holds ten digits.
    internal static void Equal(string what, JsonElement wanted, Tensor actual)
    {
        Assert.Equal(wanted.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()), actual.shape);
        using var plain = actual.detach().to(float64).contiguous();
        var values = plain.data<double>().ToArray();
        var expected = wanted.GetProperty("values").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= 2e-9 * Math.Max(1, Math.Abs(expected[i])), $"{what}[{i}]: PyTorch has {expected[i]:R}, this {values[i]:R}");
    }
}
