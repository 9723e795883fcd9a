using MedGan.Models.Training;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Training;

public sealed class TwoLanesTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly int threadsBefore = get_num_threads();

    private static TwoLanes Lanes(int threads)
    {
        set_num_threads(threads);
        return new TwoLanes(CPU);
    }

    [Fact]
    public void TwoPieces_OfWork_GoSideBySideWithHalfOfTheThreadsEach()
    {
        using var lanes = Lanes(3);
        using var barrier = new Barrier(2);
        for (var round = 0; round < 3; round++)
        {
            var (first, second) = (0, 0);
            void Meet() => Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(20), Ct), "the other piece of work did not run meanwhile");
            lanes.Run(
                () => { first = get_num_threads(); Meet(); },
                () => { second = get_num_threads(); Meet(); });
            Assert.Equal((2, 1, 3), (first, second, get_num_threads()));
        }
    }

    [Fact]
    public void OneThread_RunsOneAfterTheOther_OnTheCallersThread()
    {
        using var lanes = Lanes(1);
        var order = new List<(int Piece, int Thread)>();
        lanes.Run(() => order.Add((1, Environment.CurrentManagedThreadId)), () => order.Add((2, Environment.CurrentManagedThreadId)));
        Assert.Equal([(1, Environment.CurrentManagedThreadId), (2, Environment.CurrentManagedThreadId)], order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FailureOfEitherPiece_IsTheCallers_WhenBothHaveEnded(int failing)
    {
        using var lanes = Lanes(2);
        using var failed = new ManualResetEventSlim();
        var ended = new bool[3];
        Action Piece(int number) => () =>
        {
            if (number == failing)
            {
                failed.Set();
                throw new InvalidDataException("this one");
            }
            failed.Wait(Ct);
            ended[number] = true;
        };
        Assert.Equal("this one", Assert.Throws<InvalidDataException>(() => lanes.Run(Piece(1), Piece(2))).Message);
        Assert.True(ended[3 - failing]);
        lanes.Run(() => ended[0] = true, () => { });
        Assert.True(ended[0]);
        Assert.Equal(2, get_num_threads());
    }

    /// <summary>The sums of a gradient's two halves do not depend on which lane was first.</summary>
    [Fact]
    public void Training_InTwoLanes_GivesTheSameWeightsEveryTime_AndOneLanesLosses()
    {
        (byte[] Weights, List<StepLosses> Losses) Train(int threads)
        {
            using var folder = new TemporaryFolder();
            var recorder = new Recorder();
            using var trainer = TinyCohort.Trainer(TinyCohort.Plan with { Threads = threads, MaxSteps = 10 });
            trainer.Run(folder["checkpoints"], recorder, Ct);
            trainer.Export(folder["model"]);
            return (File.ReadAllBytes(folder["model/weights.safetensors"]), recorder.Steps);
        }
        var (weights, losses) = Train(2);
        for (var again = 0; again < 3; again++) Assert.Equal(weights, Train(2).Weights);
        var single = Train(1).Losses;
        foreach (var (two, one) in losses.Zip(single))
        {
            Assert.Equal(one["generator"], two["generator"], 1e-3 * one["generator"]);
            Assert.Equal(one["discriminatorA"], two["discriminatorA"], 1e-3);
        }
    }

    public void Dispose() => set_num_threads(threadsBefore);
}
