using static TorchSharp.torch.nn.functional;

namespace TorchSharp.Tests;

/// <summary>Training that stops and goes on elsewhere is training that never stopped, to the bit.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("torch").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private static Sequential Net() => Sequential(Conv2d(1, 8, 3, 1, 1), BatchNorm2d(8), ReLU(true), Dropout(0.3), ConvTranspose2d(8, 4, 3, 2, 1, 1), InstanceNorm2d(4, affine: true), ReLU(), Conv2d(4, 1, 1));

    private static void Train(Sequential net, OptimizerHelper optimiser, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimiser.zero_grad();
            mse_loss(net.call(randn(2, 1, 16, 16)), randn(2, 1, 32, 32)).backward();
            optimiser.step();
        }
    }

    private static float[] Weights(Sequential net)
    {
        using var scope = NewDisposeScope();
        return net.state_dict().Values.SelectMany(t => t.detach().to(float32).data<float>().ToArray()).ToArray();
    }

    private static float[] Trained(long seed)
    {
        torch.manual_seed(seed);
        using var net = Net();
        using var optimiser = optim.Adam(net.parameters(), 1e-3, 0.5);
        Train(net, optimiser, 20);
        return Weights(net);
    }

    [Fact]
    public void SameSeed_GivesTheSameWeights_AndAnotherSeedOthers()
    {
        Assert.Equal(Trained(3), Trained(3));
        Assert.NotEqual(Trained(3), Trained(4));
    }

    public static TheoryData<string> Optimisers => ["adam", "amsgrad", "adamw", "sgd"];

    private static OptimizerHelper Make(string kind, Sequential net) => kind switch
    {
        "adam" => optim.Adam(net.parameters(), 1e-3, 0.5),
        "amsgrad" => optim.Adam(net.parameters(), 1e-3, amsgrad: true),
        "adamw" => optim.AdamW(net.parameters(), 1e-3, weight_decay: 0.1),
        _ => optim.SGD(net.parameters(), 1e-2, 0.9),
    };

    [Theory, MemberData(nameof(Optimisers))]
    public void Resumed_FromFiles_EqualsUninterrupted(string kind)
    {
        torch.manual_seed(11);
        using var net = Net();
        using var optimiser = Make(kind, net);
        Train(net, optimiser, 7);
        net.save(Path.Combine(folder, "net"));
        optimiser.save_state_dict(Path.Combine(folder, "optimiser"));
        using (var state = get_rng_state()) state.save(Path.Combine(folder, "random"));
        Train(net, optimiser, 7);

        torch.manual_seed(999);
        using var other = Net();
        using var resumed = Make(kind, other);
        Train(other, resumed, 2);
        other.load(Path.Combine(folder, "net"));
        resumed.load_state_dict(Path.Combine(folder, "optimiser"));
        using (var state = torch.load(Path.Combine(folder, "random"))) set_rng_state(state);
        Train(other, resumed, 7);
        Assert.Equal(Weights(net), Weights(other));
    }

    [Fact]
    public void StateDictionary_OfAdam_MovesToAnotherOptimiser()
    {
        torch.manual_seed(11);
        using var net = Net();
        using var optimiser = optim.Adam(net.parameters(), 1e-3);
        Train(net, optimiser, 3);
        using var second = optim.Adam(net.parameters(), 0.5);
        second.load_state_dict(optimiser.state_dict());
        Assert.Equal(1e-3, second.ParamGroups.Single().LearningRate);
        var (a, b) = ((Adam.State)optimiser.state_dict().State[0], (Adam.State)second.state_dict().State[0]);
        Assert.Equal(3, b.step);
        Assert.True(a.ApproximatelyEquals(b));
        Assert.NotSame(a.exp_avg, b.exp_avg);
    }

    [Fact]
    public void Load_OfAnotherArchitecture_IsRefused()
    {
        using var net = Net();
        net.save(Path.Combine(folder, "net"));
        using var other = Sequential(Conv2d(1, 8, 3), Linear(3, 3));
        Assert.Contains("missing", Assert.Throws<InvalidOperationException>(() => other.load(Path.Combine(folder, "net"))).Message);
        using var narrow = Sequential(Conv2d(1, 8, 5));
        Assert.Contains("shape", Assert.Throws<ArgumentException>(() => narrow.load(Path.Combine(folder, "net"), strict: false)).Message);
    }

    [Fact]
    public void OptimiserState_OfAnotherOptimiser_IsRefused()
    {
        using var net = Net();
        optim.SGD(net.parameters(), 0.1).save_state_dict(Path.Combine(folder, "sgd"));
        using var adam = optim.Adam(net.parameters());
        Assert.Contains("SGD", Assert.Throws<ArgumentException>(() => adam.load_state_dict(Path.Combine(folder, "sgd"))).Message);
    }

    [Fact]
    public void Generator_StateRestored_RepeatsItself()
    {
        using var generator = new Generator(5);
        using var state = generator.get_state();
        using var first = randn(4, generator: generator);
        generator.set_state(state);
        using var again = randn(4, generator: generator);
        Assert.True(first.Equals(again));
    }
}
