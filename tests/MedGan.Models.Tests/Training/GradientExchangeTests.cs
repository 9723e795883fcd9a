using System.Net;
using System.Net.Sockets;
using MedGan.Models.Training;
using MedGan.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

/// <summary>Several ranks on threads of one process; in processes of their own: <see cref="DataParallelTests"/>.</summary>
public class GradientExchangeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static GradientExchange Connect(int rank, int worldSize, int port, double seconds = 20) =>
        GradientExchange.Connect(rank, worldSize, "127.0.0.1", port, TimeSpan.FromSeconds(seconds));

    // Runs every rank on a thread of its own; none may hang.
    private static async Task<T[]> AsRanks<T>(int worldSize, Func<GradientExchange, T> act)
    {
        var port = Loopback.FreePort();
        return await Task.WhenAll(Enumerable.Range(0, worldSize).Select(rank => Thread(() =>
        {
            using var exchange = Connect(rank, worldSize, port);
            return act(exchange);
        }))).WaitAsync(3 * Patience);
    }

    private static Task<T> Thread<T>(Func<T> act) => Task.Factory.StartNew(act, TaskCreationOptions.LongRunning);

    private static Task<GradientExchangeException> Fails(Action act) => Thread(() => Assert.Throws<GradientExchangeException>(act)).WaitAsync(3 * Patience);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AllReduce_GivesTheSumToAll(int worldSize)
    {
        var sums = await AsRanks(worldSize, exchange =>
        {
            float[] floats = [exchange.Rank + 1, 10 * exchange.Rank, -0.5f];
            double[] doubles = [1e300 * exchange.Rank, 1L << 52];
            exchange.AllReduce(floats);
            exchange.AllReduce(doubles);
            exchange.Barrier();
            return (floats, doubles);
        });
        var ranks = Enumerable.Range(0, worldSize).ToArray();
        Assert.All(sums, s => Assert.Equal([ranks.Sum() + worldSize, 10f * ranks.Sum(), -0.5f * worldSize], s.floats));
        Assert.All(sums, s => Assert.Equal([1e300 * ranks.Sum(), (double)worldSize * (1L << 52)], s.doubles));
    }

    [Fact]
    public async Task AverageGradients_GivesTheMeanOverRanks_AlsoBeyondABucket()
    {
        var live = await AsRanks(2, exchange =>
        {
            long Live() => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
            var before = Live();
            using (NewDisposeScope())
            {
                long[][] shapes = [[3], [2600, 2600], [], [5, 1, 2], [0], [2000, 1000]]; // 27 MB, so three buckets
                var parameters = shapes.Select(shape => new Parameter(zeros(shape))).ToArray();
                foreach (var (i, parameter) in parameters.Index()) (parameter * (i + 10 * exchange.Rank + 1)).sum().backward();
                exchange.AverageGradients(parameters);
                foreach (var (i, parameter) in parameters.Index())
                {
                    Assert.Equal(shapes[i], parameter.grad!.shape);
                    if (parameter.numel() > 0) Assert.Equal((i + 6.0f, i + 6.0f), (parameter.grad!.min().ToSingle(), parameter.grad!.max().ToSingle()));
                }
            }
            return Live() - before;
        });
        Assert.Equal([0, 0], live);
    }

    [Fact]
    public async Task BroadcastParameters_GivesRank0sToAll_OfEveryType()
    {
        var values = await AsRanks(3, exchange =>
        {
            using var scope = NewDisposeScope();
            Tensor[] tensors =
            [
                full([2, 3], exchange.Rank + 0.5f), tensor(new long[] { exchange.Rank + (1L << 60) }), full([4], exchange.Rank + 2, dtype: ScalarType.Float64),
                full([3], exchange.Rank, dtype: ScalarType.BFloat16), full([1], exchange.Rank == 0, dtype: ScalarType.Bool), new Parameter(full([2], exchange.Rank + 7f)),
            ];
            exchange.BroadcastParameters(tensors);
            return string.Join(' ', tensors.Select(t => t.to(ScalarType.Int64).sum().ToInt64()));
        });
        Assert.All(values, v => Assert.Equal($"0 {1L << 60} 8 0 1 14", v));
    }

    [Fact]
    public async Task AverageGradients_WithoutBackward_SaysWhichParameter()
    {
        await AsRanks(1, exchange =>
        {
            using var scope = NewDisposeScope();
            var e = Assert.Throws<InvalidOperationException>(() => exchange.AverageGradients([new Parameter(zeros([2]))]));
            Assert.Contains("Parameter 0", e.Message);
            return 0;
        });
    }

    [Fact]
    public async Task RankThatNeverComes_IsNamed()
    {
        var port = Loopback.FreePort();
        var (first, second) = (Fails(() => Connect(0, 3, port, seconds: 2)), Fails(() => Connect(1, 3, port, seconds: 2)));
        Assert.Contains("Rank 0 of 3", (await first).Message);
        Assert.Contains("rank 2 did not come", (await first).Message);
        Assert.Contains($"127.0.0.1:{port} within 2 s", (await second).Message);
    }

    [Fact]
    public async Task Rank0_ThatNeverComes_IsSaidWithItsAddress()
    {
        var port = Loopback.FreePort();
        Assert.Contains($"Rank 1 of 2 could not join the others at 127.0.0.1:{port} within 1 s", (await Fails(() => Connect(1, 2, port, seconds: 1))).Message);
    }

    [Fact]
    public async Task TakenPort_IsSaid()
    {
        using var other = new TcpListener(IPAddress.IPv6Any, 0) { Server = { DualMode = true } };
        other.Start();
        var failed = await Fails(() => Connect(0, 2, ((IPEndPoint)other.LocalEndpoint).Port, seconds: 2));
        Assert.Contains("in use", failed.Message);
    }

    [Fact]
    public async Task UnknownHost_IsSaid() =>
        Assert.Contains("no-such-host.invalid", (await Fails(() => GradientExchange.Connect(0, 2, "no-such-host.invalid", 20000, Patience))).Message);

    [Fact]
    public async Task RanksToldOfDifferentNumbers_AreToldSo()
    {
        var port = Loopback.FreePort();
        var (first, second) = (Fails(() => Connect(0, 2, port, seconds: 5)), Fails(() => Connect(1, 3, port, seconds: 5)));
        Assert.Contains("rank 1 was told of 3 processes, rank 0 of 2", (await first).Message);
        Assert.Contains("rank 0 was told of 2 processes, rank 1 of 3", (await second).Message);
    }

    [Fact]
    public async Task TwoOfOneRank_AreToldSo()
    {
        var port = Loopback.FreePort();
        var first = Fails(() => Connect(0, 3, port, seconds: 4));
        var twins = await Task.WhenAll(Fails(() => Connect(1, 3, port, seconds: 4)), Fails(() => Connect(1, 3, port, seconds: 4)));
        Assert.Single(twins, t => t.Message.Contains("there is another process with rank 1", StringComparison.Ordinal));
        await first;
    }

    [Fact]
    public async Task RankThatLeaves_EndsTheOthersCall()
    {
        var port = Loopback.FreePort();
        var leaves = Thread(() =>
        {
            using var exchange = Connect(1, 2, port);
            exchange.Barrier();
            return 0;
        });
        var failed = await Fails(() =>
        {
            using var exchange = Connect(0, 2, port);
            exchange.Barrier();
            exchange.AllReduce(new float[1000]);
        });
        Assert.StartsWith("Rank 0 of 2 lost the others while summing values", failed.Message);
        await leaves;
    }

    [Theory]
    [InlineData(-1, 2, 20000)]
    [InlineData(2, 2, 20000)]
    [InlineData(0, 0, 20000)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 1, 65536)]
    public void ImpossibleArguments_AreRefused(int rank, int worldSize, int port) => Assert.Throws<ArgumentOutOfRangeException>(() => Connect(rank, worldSize, port));
}
