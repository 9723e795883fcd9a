using System.Text.Json;
using static TorchSharp.Tests.Waves;

namespace TorchSharp.Tests;

/// <summary>Optimisers go where PyTorch's go, schedulers set the same rates, and both go on from a file.</summary>
public sealed class OptimFixtureTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    // The rate of the second group, with everything else left to the optimiser.
    private static Dictionary<string, Func<IList<Parameter>, OptimizerHelper>> Optimisers => new()
    {
        ["SGD"] = p => optim.SGD(Split(p, g => new SGD.ParamGroup(g, new SGD.Options { LearningRate = 0.03 }), g => new SGD.ParamGroup { Parameters = g }), 0.1, 0.8, 0.1, 0.02),
        ["Adam"] = p => optim.Adam(Split(p, g => new Adam.ParamGroup(g, new Adam.Options { LearningRate = 0.03 }), g => new Adam.ParamGroup { Parameters = g }), 0.1, 0.8, 0.95, weight_decay: 0.02),
        ["AdamW"] = p => optim.AdamW(Split(p, g => new AdamW.ParamGroup(g, new AdamW.Options { LearningRate = 0.03 }), g => new AdamW.ParamGroup { Parameters = g }), 0.1, weight_decay: 0.05, amsgrad: true),
        ["RMSProp"] = p => optim.RMSProp(Split(p, g => new RMSProp.ParamGroup(g, new RMSProp.Options { LearningRate = 0.03 }), g => new RMSProp.ParamGroup { Parameters = g }), 0.05, 0.9, weight_decay: 0.02),
        ["RMSProp.centered"] = p => optim.RMSProp(Split(p, g => new RMSProp.ParamGroup(g, new RMSProp.Options { LearningRate = 0.03 }), g => new RMSProp.ParamGroup { Parameters = g }), 0.05, momentum: 0.7, centered: true),
        ["Adagrad"] = p => optim.Adagrad(Split(p, g => new Adagrad.ParamGroup(g, new Adagrad.Options { LearningRate = 0.03 }), g => new Adagrad.ParamGroup { Parameters = g }), 0.2, 0.1, 0.02, 0.3),
        ["Adadelta"] = p => optim.Adadelta(Split(p, g => new Adadelta.ParamGroup(g, new Adadelta.Options { LearningRate = 0.03 }), g => new Adadelta.ParamGroup { Parameters = g }), 0.9, 0.8, weight_decay: 0.02),
        ["Adamax"] = p => optim.Adamax(Split(p, g => new Adamax.ParamGroup(g, new Adamax.Options { LearningRate = 0.03 }), g => new Adamax.ParamGroup { Parameters = g }), 0.1, 0.8, 0.95, weight_decay: 0.02),
        ["NAdam"] = p => optim.NAdam(Split(p, g => new NAdam.ParamGroup(g, new NAdam.Options { LearningRate = 0.03 }), g => new NAdam.ParamGroup { Parameters = g }), 0.1, 0.8, 0.95, weight_decay: 0.02),
        ["RAdam"] = p => optim.RAdam(Split(p, g => new RAdam.ParamGroup(g, new RAdam.Options { LearningRate = 0.03 }), g => new RAdam.ParamGroup { Parameters = g }), 0.1, 0.8, 0.95, weight_decay: 0.02),
        ["ASGD"] = p => optim.ASGD(Split<ParamGroup<ASGD.Options>>(p, g => new ASGD.ParamGroup(g, new ASGD.Options { LearningRate = 0.03 }), g => new ASGD.ParamGroup { Parameters = g }), 0.1, 0.01, t0: 3, weight_decay: 0.02),
        ["Rprop"] = p => optim.Rprop(Split(p, g => new Rprop.ParamGroup(g, new Rprop.Options { LearningRate = 0.03 }), g => new Rprop.ParamGroup { Parameters = g }), 0.1, 0.4, 1.3),
    };

    private static IEnumerable<T> Split<T>(IList<Parameter> p, Func<IEnumerable<Parameter>, T> second, Func<IEnumerable<Parameter>, T> first) => [first([p[0]]), second([p[1]])];

    public static TheoryData<string> OptimiserNames => new(Optimisers.Keys);

    private static Parameter[] Start() => [Parameter(Wave(0.3, 2, 3)), Parameter(Wave(0.6, 4))];

    // The path of both parameters over some of the eight steps.
    private static List<double> Steps(OptimizerHelper optimiser, Parameter[] p, int from, int to)
    {
        var path = new List<double>();
        for (var step = from; step < to; step++)
        {
            using var scope = NewDisposeScope();
            optimiser.zero_grad();
            ((p[0] * Wave((double)step, 2, 3)).square().sum() + (p[1] * Wave(1.0 + step, 4)).square().sum() * 2 + p[0].sum() * p[1].sum()).backward();
            optimiser.step();
            foreach (var parameter in p) path.AddRange(parameter.data<double>());
        }
        return path;
    }

    [Theory, MemberData(nameof(OptimiserNames))]
    public void Optimiser_EightSteps_TakesPyTorchsPath(string name)
    {
        using var scope = NewDisposeScope();
        var p = Start();
        using var optimiser = Optimisers[name](p);
        ModuleFixtureTests.Equal(name, ModuleCases.Fixture.GetProperty("optimisers").GetProperty(name), torch.tensor(Steps(optimiser, p, 0, 8).ToArray()));
    }

    [Theory, MemberData(nameof(OptimiserNames))]
    public void Optimiser_FromAFile_GoesOnAsIfItHadNotStopped(string name)
    {
        using var scope = NewDisposeScope();
        var p = Start();
        using var optimiser = Optimisers[name](p);
        Steps(optimiser, p, 0, 4);
        optimiser.save_state_dict(file);
        var kept = p.Select(parameter => parameter.detach().clone()).ToArray();
        var wanted = Steps(optimiser, p, 4, 8);
        foreach (var byFile in new[] { true, false })
        {
            var other = Start();
            using var resumed = Optimisers[name](other);
            Steps(resumed, other, 5, 7);
            using (no_grad())
                for (var i = 0; i < other.Length; i++) other[i].copy_(kept[i]);
            if (byFile) resumed.load_state_dict(file);
            else
            {
                using var middle = Optimisers[name](Start());
                middle.load_state_dict(file);
                resumed.load_state_dict(middle.state_dict());
                Assert.All(middle.state_dict().State.Zip(resumed.state_dict().State), pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));
            }
            Assert.Equal(wanted, Steps(resumed, other, 4, 8));
        }
    }

    [Theory, MemberData(nameof(OptimiserNames))]
    public void Optimiser_Disposed_LeavesNoTensor(string name)
    {
        var before = Waves.LiveTensors;
        using (var scope = NewDisposeScope())
        {
            var p = Start();
            using var optimiser = Optimisers[name](p);
            Steps(optimiser, p, 0, 3);
        }
        Assert.Equal(before, Waves.LiveTensors);
    }

    [Fact]
    public void LBFGS_FourSteps_TakesPyTorchsPath()
    {
        var before = Waves.LiveTensors;
        using (var scope = NewDisposeScope())
        {
            var p = Parameter(Wave(0.3, 2, 3));
            using var optimiser = optim.LBFGS([p], 0.3, 5, history_size: 3);
            var path = new List<double>();
            for (var step = 0; step < 4; step++)
            {
                var loss = optimiser.step(() =>
                {
                    optimiser.zero_grad();
                    var value = (p - Wave(1.0, 2, 3)).pow(4).sum() + p.square().sum() * 0.3 + p[0, 0] * p[1, 2];
                    value.backward();
                    return value;
                });
                path.Add(loss.item<double>());
                path.AddRange(p.data<double>());
            }
            ModuleFixtureTests.Equal("LBFGS", ModuleCases.Fixture.GetProperty("optimisers").GetProperty("LBFGS"), torch.tensor(path.ToArray()));
            Assert.Throws<ArgumentNullException>(() => optimiser.step());
        }
        Assert.Equal(before, Waves.LiveTensors);
    }

    private static readonly Dictionary<string, Func<SGD, optim.lr_scheduler.LRScheduler>> Schedulers = new()
    {
        ["StepLR"] = o => optim.lr_scheduler.StepLR(o, 3, 0.5),
        ["MultiStepLR"] = o => optim.lr_scheduler.MultiStepLR(o, [2, 5, 5, 9], 0.5),
        ["ExponentialLR"] = o => optim.lr_scheduler.ExponentialLR(o, 0.9),
        ["LambdaLR"] = o => optim.lr_scheduler.LambdaLR(o, epoch => 1 - epoch / 20.0),
        ["MultiplicativeLR"] = o => optim.lr_scheduler.MultiplicativeLR(o, epoch => 0.9 + 0.01 * epoch),
        ["CosineAnnealingLR"] = o => optim.lr_scheduler.CosineAnnealingLR(o, 10, 0.01),
        ["LinearLR"] = o => optim.lr_scheduler.LinearLR(o, 0.25, 1, 4),
        ["ConstantLR"] = o => optim.lr_scheduler.ConstantLR(o, 0.25, 4),
        ["PolynomialLR"] = o => optim.lr_scheduler.PolynomialLR(o, 8, 1.5),
        ["CyclicLR"] = o => optim.lr_scheduler.CyclicLR(o, 0.01, 0.2, 3, 4),
        ["CyclicLR.triangular2"] = o => optim.lr_scheduler.CyclicLR(o, [0.01, 0.02], [0.2, 0.1], 2, 2, optim.lr_scheduler.impl.CyclicLR.Mode.Triangular2, cycle_momentum: false),
        ["CyclicLR.exp_range"] = o => optim.lr_scheduler.CyclicLR(o, 0.01, 0.2, 2, 3, optim.lr_scheduler.impl.CyclicLR.Mode.ExpRange, 0.9),
        ["OneCycleLR"] = o => optim.lr_scheduler.OneCycleLR(o, 0.4, 12),
        ["OneCycleLR.three_phase"] = o => optim.lr_scheduler.OneCycleLR(o, [0.4, 0.2], epochs: 4, steps_per_epoch: 3, three_phase: true, anneal_strategy: optim.lr_scheduler.impl.OneCycleLR.AnnealStrategy.Linear),
        ["SequentialLR"] = o => optim.lr_scheduler.SequentialLR(o,
            [optim.lr_scheduler.ConstantLR(o, 0.1, 2), optim.lr_scheduler.ExponentialLR(o, 0.9), optim.lr_scheduler.StepLR(o, 2, 0.5)], [3, 7]),
        ["ChainedLR"] = o => optim.lr_scheduler.ChainedLR([optim.lr_scheduler.ConstantLR(o, 0.1, 3), optim.lr_scheduler.ExponentialLR(o, 0.9)]),
        ["ReduceLROnPlateau"] = o => optim.lr_scheduler.ReduceLROnPlateau(o, factor: 0.5, patience: 1, cooldown: 1, min_lr: [0.02, 0.03]),
        ["ReduceLROnPlateau.max"] = o => optim.lr_scheduler.ReduceLROnPlateau(o, "max", 0.3, 2, 0.05, "abs"),
    };

    public static TheoryData<string> SchedulerNames => new(Schedulers.Keys);

    [Theory, MemberData(nameof(SchedulerNames))]
    public void Scheduler_TwelveSteps_SetsPyTorchsRatesAndMomenta(string name)
    {
        using var scope = NewDisposeScope();
        var p = Start();
        var optimiser = optim.SGD(Split(p, g => new SGD.ParamGroup(g, new SGD.Options { LearningRate = 0.04 }), g => new SGD.ParamGroup { Parameters = g }), 0.1, 0.9);
        var scheduler = Schedulers[name](optimiser);
        var read = new List<double>();
        for (var step = 0; step < 12; step++)
        {
            foreach (var group in optimiser.ParamGroups) read.AddRange([group.LearningRate, ((optim.IMomentum)group).Momentum]);
            if (scheduler is optim.lr_scheduler.impl.ReduceLROnPlateau) scheduler.step(Math.Cos(step));
            else scheduler.step();
            Assert.Equal(optimiser.ParamGroups.Select(group => group.LearningRate), scheduler.get_last_lr());
        }
        ModuleFixtureTests.Equal(name, ModuleCases.Fixture.GetProperty("schedulers").GetProperty(name), torch.tensor(read.ToArray()));
    }

    /// <summary>Adam has no momentum of that name: the first of its betas takes its place.</summary>
    [Fact]
    public void OneCycle_OfAdam_MovesItsFirstBetaAsTheMomentumOfSGD()
    {
        using var scope = NewDisposeScope();
        var (sgd, adam) = (optim.SGD(Start(), 0.1, 0.9), optim.Adam(Start(), beta2: 0.95));
        var schedulers = new[] { optim.lr_scheduler.OneCycleLR(sgd, 0.4, 12), optim.lr_scheduler.OneCycleLR(adam, 0.4, 12) };
        for (var step = 0; step < 12; step++)
        {
            Assert.Equal((sgd.Momentum, 0.95), adam.Betas);
            foreach (var scheduler in schedulers) scheduler.step();
        }
        Assert.NotEqual(0.9, sgd.Momentum);
        using var adagrad = optim.Adagrad(Start());
        Assert.Contains("momentum", Assert.Throws<ArgumentException>(() => optim.lr_scheduler.OneCycleLR(adagrad, 0.4, 12)).Message);
    }

    /// <summary>Everything that makes an optimiser or a scheduler is held against PyTorch above.</summary>
    [Fact]
    public void Factories_AreAllTested()
    {
        string[] Makers(Type type, Type result) => type.GetMethods().Where(m => m.IsStatic && result.IsAssignableFrom(m.ReturnType)).Select(m => m.Name).Distinct().Order().ToArray();
        Assert.Equal(Makers(typeof(optim), typeof(optim.Optimizer)), Optimisers.Keys.Append("LBFGS").Select(k => k.Split('.')[0]).Distinct().Order());
        Assert.Equal(Makers(typeof(optim.lr_scheduler), typeof(optim.lr_scheduler.LRScheduler)), Schedulers.Keys.Select(k => k.Split('.')[0]).Distinct().Order());
    }
}
