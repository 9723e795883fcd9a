using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MedGan.Models.Training;
using MedGan.Testing;

namespace MedGan.Models.Tests.Training;

/// <summary>Two processes on loopback train one CycleGAN.</summary>
public sealed partial class DataParallelTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // the rate of the paper; at the default one rounding differences grow a hundredfold faster, whoever computes
    private static readonly CycleGanPlan Plan = TinyCohort.Plan with
    {
        BatchSize = 4, PoolSize = 5, LambdaEdges = 0, LearningRate = 2e-4, MaxSteps = 24, CheckpointEverySteps = 8, SampleEverySteps = 12, Threads = 1,
    };

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<Process, string> logs = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 24, 1e-4)]
    [InlineData(1, 4, 1e-5)] // edges: their loss is steep where an image is flat, so rounding differences soon grow
    public async Task TwoProcesses_HaveTheLossCurveOfOneWithTheTwofoldBatch(double lambdaEdges, int steps, double tolerance)
    {
        var plan = Plan with { LambdaEdges = lambdaEdges, MaxSteps = steps };
        var (alone, together) = (Folder("alone", plan), Folder("together", plan));
        await Ends(Start(alone, 0, world: 0), 0);
        var port = Loopback.FreePort();
        var (first, second) = (Start(together, 0, 2, port), Start(together, 1, 2, port));
        await Ends(first, 0);
        await Ends(second, 0);

        var (expected, actual) = (Losses(alone, 0), Losses(together, 0));
        Assert.Equal(steps, expected.Count);
        AssertClose(expected, actual, tolerance);
        Assert.Equal(actual.SelectMany(l => l), Losses(together, 1).SelectMany(l => l)); // averaged, so the same on both
        Assert.Equal(Weights(together, 0), Weights(together, 1));
        Assert.False(Directory.Exists(Path.Combine(together, "none-of-rank-1"))); // rank 0 alone writes
    }

    [Fact]
    public async Task KilledProcess_EndsTheOther_AndBothGoOnFromTheLastCheckpoint()
    {
        var plan = Plan with { MaxSteps = 5000 };
        var shared = Folder("killed", plan);
        var port = Loopback.FreePort();
        var (first, second) = (Start(shared, 0, 2, port, seconds: 30), Start(shared, 1, 2, port, seconds: 30));
        await Until(() => Directory.Exists(Path.Combine(shared, "checkpoints", "step-0000000008")));
        second.Kill();
        var since = Stopwatch.GetTimestamp();
        Assert.Contains("Rank 0 of 2 lost the others", await Ends(first, 3));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 15); // at once, not after the time-out

        var reached = Losses(shared, 0)[^1][0];
        File.WriteAllText(Path.Combine(shared, "plan.json"), (plan with { MaxSteps = (long)reached + 3 }).ToJson());
        port = Loopback.FreePort();
        (first, second) = (Start(shared, 0, 2, port), Start(shared, 1, 2, port));
        await Ends(first, 0);
        await Ends(second, 0);
        var resumed = Losses(shared, 1); // rank 1 has no checkpoint of its own
        Assert.InRange(resumed[0][0], reached - 8, reached + 1);
        Assert.Equal(1, resumed[0][0] % 8);
        Assert.Equal(reached + 3, resumed[^1][0]);
    }

    [Fact]
    public async Task ProcessThatHangs_EndsTheOtherWithinTheTimeout()
    {
        var shared = Folder("hangs", Plan with { MaxSteps = 5000 });
        var port = Loopback.FreePort();
        var (first, second) = (Start(shared, 0, 2, port, seconds: 4), Start(shared, 1, 2, port, seconds: 4));
        await Until(() => File.Exists(Path.Combine(shared, "losses-1.csv")) && Losses(shared, 1).Count > 2);
        Assert.Equal(0, Signal(second.Id, 19)); // SIGSTOP
        var since = Stopwatch.GetTimestamp();
        Assert.Contains("did not come within 4 s", await Ends(first, 3));
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 2, 20);
    }

    [Fact]
    public async Task ProcessThatNeverComes_EndsTheOtherWithinTheTimeout() =>
        Assert.Contains("rank 1 did not come", await Ends(Start(Folder("alone", Plan), 0, 2, Loopback.FreePort(), seconds: 3), 3));

    [Fact]
    public async Task CheckpointOfOneProcess_IsGoneOnWithByTwo()
    {
        var plan = Plan with { MaxSteps = 12 };
        var (alone, then) = (Folder("alone", plan), Folder("then", plan));
        await Ends(Start(alone, 0, world: 0), 0);
        using (var trainer = TinyCohort.Trainer(plan))
        {
            var dies = new Recorder { Then = l => { if (l.Step == 10) throw new InvalidOperationException("killed"); } };
            Assert.Throws<InvalidOperationException>(() => trainer.Run(Path.Combine(then, "checkpoints"), dies, Ct));
        }
        var port = Loopback.FreePort();
        var (first, second) = (Start(then, 0, 2, port), Start(then, 1, 2, port));
        await Ends(first, 0);
        await Ends(second, 0);
        AssertClose(Losses(alone, 0)[8..], Losses(then, 1), 1e-4);
    }

    [Fact]
    public async Task Cancellation_OfOneRank_EndsBoth_AfterACheckpoint()
    {
        var checkpoints = new List<long>();
        var ends = await AsRanks((exchange, rank) =>
        {
            using var cancel = new CancellationTokenSource();
            var recorder = new Recorder { Then = l => { if (rank == 1 && l.Step == 3) cancel.Cancel(); } };
            using var trainer = TinyCohort.Trainer(Plan, exchange);
            Assert.ThrowsAny<OperationCanceledException>(() => trainer.Run(folder[$"cancelled-{rank}"], recorder, cancel.Token));
            if (rank == 0) checkpoints.AddRange(recorder.Checkpoints);
            return trainer.Step;
        });
        Assert.Equal([3, 3], ends);
        Assert.Equal([3], checkpoints);
    }

    [Fact]
    public async Task Minutes_AreThoseOfRank0()
    {
        var steps = await AsRanks((exchange, rank) =>
        {
            var plan = Plan with { MaxSteps = null, MaxMinutes = 1 };
            using var trainer = TinyCohort.Trainer(plan, exchange, new Ticking(TimeSpan.FromSeconds(rank == 0 ? 15 : 1)));
            return trainer.Run(folder[$"minutes-{rank}"], new Recorder(), Ct);
        });
        Assert.Equal([4, 4], steps.Select(s => s.Steps));
        Assert.Equal(steps[0].Elapsed, steps[1].Elapsed);
    }

    [Fact]
    public async Task ProcessesWithDifferentPlansOrImages_AreRefused()
    {
        string Refused(Action act) => Assert.Throws<GradientExchangeException>(act).Message;
        var messages = await AsRanks((exchange, rank) =>
            Refused(() => TinyCohort.Trainer(Plan with { LambdaCycle = 5 + rank }, exchange))
            + Refused(() => new Trainer(Plan, new CycleGanMethod(Plan, TinyCohort.A[rank..], TinyCohort.B, exchange: exchange))));
        Assert.All(messages, m => Assert.Equal(2, m.Split("not given the same plan and training images").Length - 1));
    }

    [Fact]
    public async Task BatchThatCannotBeShared_IsRefused()
    {
        var messages = await AsRanks((exchange, _) =>
            Assert.Throws<ArgumentException>(() => TinyCohort.Trainer(Plan with { BatchSize = 3 }, exchange)).Message);
        Assert.All(messages, m => Assert.Contains("2 processes cannot share a batch of 3 equally", m));
    }

    public void Dispose()
    {
        foreach (var process in logs.Keys)
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }
        folder.Dispose();
    }

    private string Folder(string name, CycleGanPlan plan)
    {
        Directory.CreateDirectory(folder[name]);
        File.WriteAllText(folder[$"{name}/plan.json"], plan.ToJson());
        return folder[name];
    }

    private Process Start(string where, int rank, int world, int port = 0, int seconds = 60)
    {
        string[] arguments = ["train", where, .. new[] { rank, world, port, seconds }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        var process = BuiltProgram.Start("tests/MedGan.TrainingProcess", Log(where, rank), new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" }, arguments);
        logs.Add(process, Log(where, rank));
        return process;
    }

    private static string Log(string where, int rank) => Path.Combine(where, $"log-{rank}.txt");

    private static void AssertClose(List<double[]> expected, List<double[]> actual, double tolerance)
    {
        Assert.Equal(expected.Select(l => l[0]), actual.Select(l => l[0]));
        Assert.All(expected.Zip(actual), step =>
            Assert.All(step.First.Zip(step.Second), loss => Assert.InRange(Math.Abs(loss.Second - loss.First), 0, tolerance * Math.Abs(loss.First))));
    }

    // waits for the process's end, and returns what it said
    private async Task<string> Ends(Process process, int code)
    {
        await process.WaitForExitAsync(Ct).WaitAsync(Limit, Ct);
        var said = File.ReadAllText(logs[process]);
        Assert.True(process.ExitCode == code, $"exit code {process.ExitCode}, not {code}: {said}");
        return said;
    }

    private static async Task Until(Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var since = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < Limit, "it did not come about");
            await timer.WaitForNextTickAsync(Ct);
        }
    }

    // complete lines only: a killed process may leave half of one
    private static List<double[]> Losses(string where, int rank)
    {
        using var file = new FileStream(Path.Combine(where, $"losses-{rank}.csv"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. new StreamReader(file).ReadToEnd().Split('\n')[..^1].Select(line => line.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static byte[] Weights(string where, int rank) => File.ReadAllBytes(Path.Combine(where, $"model-{rank}", "weights.safetensors"));

    private static async Task<T[]> AsRanks<T>(Func<GradientExchange, int, T> act)
    {
        var port = Loopback.FreePort();
        return await Task.WhenAll(Enumerable.Range(0, 2).Select(rank => Task.Factory.StartNew(() =>
        {
            using var exchange = GradientExchange.Connect(rank, 2, "127.0.0.1", port, TimeSpan.FromSeconds(30));
            return act(exchange, rank);
        }, TaskCreationOptions.LongRunning))).WaitAsync(Limit, Ct);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    // passes by a fixed time at every look
    private sealed class Ticking(TimeSpan pace) : TimeProvider
    {
        private long now;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => now += pace.Ticks;
    }
}
