using System.Runtime.InteropServices;
using static TorchSharp.Tests.Waves;

namespace TorchSharp.Tests;

/// <summary>Modules that PyTorch has scripted. The files come from bench/peers/torch_fixtures_modules.py.</summary>
public sealed class ScriptTests
{
    private static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", $"script-{name}.pt");

    [Fact]
    public void Loaded_FromFileOrBytes_AnswersAsInPython()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File("one"));
        module.eval();
        ModuleFixtureTests.Equal("forward", ModuleCases.Fixture.GetProperty("script").GetProperty("forward"), module.call(Wave(0.3, 4, 3)));
        using var same = jit.load(System.IO.File.ReadAllBytes(File("one")), "cpu");
        same.eval();
        Assert.True(((Tensor)same.call(Wave(0.3, 4, 3))).Equals(module.call(Wave(0.3, 4, 3))));
        Assert.Equal((1, 1), (same.GetNumberOfInputs(), same.GetNumberOfOutputs()));
    }

    [Fact]
    public void Parameters_AreTheScripts_AndLearn()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File("one"));
        Assert.Equal(["inner.weight", "inner.bias"], module.named_parameters().Select(p => p.name));
        Assert.Equal(["scale"], module.named_buffers().Select(b => b.name));
        Assert.Contains("inner.weight", module.named_attributes().Select(a => a.Item1));
        module.eval();
        var optimiser = optim.SGD(module.parameters(), 0.1);
        double Loss() => module.call(Wave(0.3, 4, 3)).square().sum().ToDouble();
        var before = Loss();
        module.call(Wave(0.3, 4, 3)).square().sum().backward();
        optimiser.step();
        Assert.True(Loss() < before);
    }

    [Fact]
    public void TrainAndEval_ReachTheScript()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File("one"));
        module.train();
        Assert.True(module.training);
        Assert.False(module.call(ones(4, 3, float64)).allclose(module.call(ones(4, 3, float64))));
        module.eval();
        Assert.False(module.training);
        Assert.True(module.call(ones(4, 3, float64)).allclose(module.call(ones(4, 3, float64))));
    }

    [Fact]
    public void To_Float32_MovesTheScript()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<Tensor, Tensor>(File("one")).to(float32);
        module.eval();
        Assert.Equal(float32, module.call(ones(4, 3)).dtype);
    }

    [Fact]
    public void Saved_AndLoadedAgain_HasWhatWasChanged()
    {
        using var scope = NewDisposeScope();
        var file = Path.GetTempFileName();
        try
        {
            using var module = jit.load<Tensor, Tensor>(File("one"));
            using (no_grad()) module.get_parameter("inner.bias")!.fill_(7);
            module.set_attribute("scale", torch.tensor(new[] { 2.0, 3.0 }));
            jit.save(module, file);
            using var other = jit.load<Tensor, Tensor>(file);
            other.eval();
            Assert.Equal([14.0, 21.0], other.call(zeros(1, 3, float64)).data<double>().ToArray());
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    [Fact]
    public void ThreeTensors_GiveTwo()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load<(Tensor, Tensor)>(File("three"));
        var (sum, difference) = module.call(Wave(0.3, 3), Wave(0.6, 3), Wave(0.9, 3));
        Assert.True(sum.allclose(Wave(0.3, 3) * Wave(0.6, 3) + Wave(0.9, 3)));
        Assert.True(difference.allclose(Wave(0.3, 3) - Wave(0.9, 3)));
        Assert.Equal(3, module.GetNumberOfInputs());
        using var hook = scope.MoveToOuter(ones(3, float64));
        module.register_forward_pre_hook((_, x) => [x[0], x[1], hook]);
        Assert.True(module.call(Wave(0.3, 3), Wave(0.6, 3), Wave(0.9, 3)).Item2.allclose(Wave(0.3, 3) - 1));
    }

    [Fact]
    public void Methods_TakeAndGiveListsTuplesNumbersAndTexts()
    {
        using var scope = NewDisposeScope();
        using var module = jit.load(File("one"));
        var (plus, twice) = module.invoke<(Tensor, Tensor)>("pair", ones(2));
        Assert.Equal((2f, 2f), (plus[0].ToSingle(), twice[0].ToSingle()));
        var tripled = module.invoke<Tensor[], Tensor[]>("several", [ones(1), ones(2) * 2]);
        Assert.Equal([3f, 6f], tripled.Select(t => t[0].ToSingle()));
        var mixed = (object[])module.invoke("mixed", ones(1), 2, 0.25, "déjà", true, new long[] { 10, 20 }, (100, ones(1)));
        Assert.Equal(3f, ((Tensor)mixed[0]).ToSingle());
        Assert.Equal(122, ((Scalar)mixed[1]).ToInt64());
        Assert.Equal(0.5, ((Scalar)mixed[2]).ToDouble());
        Assert.Equal("déjà!", mixed[3]);
        Assert.False(((Scalar)mixed[4]).ToBoolean());
    }

    [Fact]
    public void Compiled_Text_IsAFunction()
    {
        using var scope = NewDisposeScope();
        using var unit = jit.compile("""
            def relu_script(a, b):
                return torch.relu(a + b)
            def add_i(x: Tensor, i: int):
                return x + i

            """);
        Assert.Equal(3f, ((Tensor)unit.invoke("relu_script", ones(1), ones(1) * 2)).ToSingle());
        Assert.Equal(5f, unit.invoke<Tensor>("add_i", ones(1), 4).ToSingle());
        Assert.Throws<ExternalException>(() => unit.invoke("absent"));
        Assert.Throws<ExternalException>(() => jit.compile("def broken(:"));
    }

    [Fact]
    public void NothingOfIt_OutlivesItsModule()
    {
        var before = Waves.LiveTensors;
        using (var scope = NewDisposeScope())
        using (var module = jit.load<Tensor, Tensor>(File("one")))
        {
            module.call(Wave(0.3, 4, 3)).sum().backward();
            _ = module.named_attributes();
        }
        Assert.Equal(before, Waves.LiveTensors);
        Assert.Throws<FileNotFoundException>(() => jit.load(File("absent")));
        Assert.Throws<ExternalException>(() => jit.load([1, 2, 3]));
    }
}
