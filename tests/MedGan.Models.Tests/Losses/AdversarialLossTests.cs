using MedGan.Models.Losses.Adversarial;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Losses;

/// <summary>Each game against its paper's formula in logarithms and sigmoids, computed in double precision without torch.</summary>
public class AdversarialLossTests
{
    private static readonly double[] Real = [1.5, -0.25, 0.5, 3], Fake = [-2, 0.75, -0.5, 0.1];

    private static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));

    private static double Mean(Func<double, double, double> of) => Real.Zip(Fake, of).Average();

    private static readonly Dictionary<string, (Func<double> Discriminator, Func<double> Generator)> Formulas = new()
    {
        ["minimax"] = (() => -Mean((x, y) => Math.Log(Sigmoid(x)) + Math.Log(1 - Sigmoid(y))), () => Mean((_, y) => Math.Log(1 - Sigmoid(y)))),
        ["non-saturating"] = (() => -Mean((x, y) => Math.Log(Sigmoid(x)) + Math.Log(1 - Sigmoid(y))), () => -Mean((_, y) => Math.Log(Sigmoid(y)))),
        ["least-squares"] = (() => Mean((x, y) => ((x - 1) * (x - 1) + y * y) / 2), () => Mean((_, y) => (y - 1) * (y - 1))),
        ["wasserstein"] = (() => Mean((x, y) => y - x), () => Mean((_, y) => -y)),
        ["hinge"] = (() => Mean((x, y) => Math.Max(0, 1 - x) + Math.Max(0, 1 + y)), () => Mean((_, y) => -y)),
        ["relativistic-average"] = (
            () => -Mean((x, y) => Math.Log(Sigmoid(x - Fake.Average())) + Math.Log(1 - Sigmoid(y - Real.Average()))),
            () => -Mean((x, y) => Math.Log(Sigmoid(y - Real.Average())) + Math.Log(1 - Sigmoid(x - Fake.Average())))),
        ["relativistic-pairing"] = (() => -Mean((x, y) => Math.Log(Sigmoid(x - y))), () => -Mean((x, y) => Math.Log(Sigmoid(y - x)))),
    };

    public static TheoryData<string> Names => [.. AdversarialLosses.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_IsItsPapersFormula(string name)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Named(name);
        var (real, fake) = (tensor(Real), tensor(Fake));
        Assert.Equal(Formulas[name].Discriminator(), loss.Discriminator(real, fake).ToDouble(), 1e-12);
        Assert.Equal(Formulas[name].Generator(), loss.Generator(real, fake).ToDouble(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Discriminator_PullsScoresApart_Generator_RaisesItsOwn(string name)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Named(name);
        var (real, fake) = (tensor(new[] { 0.1, 0.3 }, requires_grad: true), tensor(new[] { 0.2, 0.4 }, requires_grad: true));
        loss.Discriminator(real, fake).backward();
        Assert.All(real.grad!.data<double>().ToArray(), slope => Assert.True(slope < 0));
        Assert.All(fake.grad!.data<double>().ToArray(), slope => Assert.True(slope > 0));
        fake.grad.zero_();
        loss.Generator(real, fake).backward();
        Assert.All(fake.grad!.data<double>().ToArray(), slope => Assert.True(slope < 0));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Generator_LooksAtRealScores_OnlyWhereItSaysSo(string name)
    {
        using var scope = NewDisposeScope();
        var loss = AdversarialLosses.Named(name);
        var fake = tensor(Fake);
        var differs = loss.Generator(tensor(Real), fake).ToDouble() != loss.Generator(tensor(Real) + 1, fake).ToDouble();
        Assert.Equal(loss.IsRelativistic, differs);
    }

    [Fact]
    public void Named_UnknownLoss_NamesThoseThatThereAre() =>
        Assert.Contains("hinge, least-squares", Assert.Throws<ArgumentException>(() => AdversarialLosses.Named("hing")).Message);
}
