using System.Globalization;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;

// Trains the tests' tiny cohort in a process of its own. Exit code 3: the other processes are gone; the reason is on standard error.
// train FOLDER RANK WORLD PORT SECONDS: FOLDER/plan.json says what; WORLD 0 = alone.
try
{
    if (args is not ["train", var folder, var rank, var world, var port, var seconds]) return 2;
    Train(folder, Number(rank), Number(world), Number(port), TimeSpan.FromSeconds(Number(seconds)));
    return 0;
}
catch (Exception e) when (e is GradientExchangeException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static void Train(string folder, int rank, int world, int port, TimeSpan timeout)
{
    var plan = CycleGanPlan.FromJson(File.ReadAllText(Path.Combine(folder, "plan.json")));
    using var exchange = world == 0 ? null : GradientExchange.Connect(rank, world, "127.0.0.1", port, timeout);
    using var trainer = new CycleGanTrainer(plan, TinyCohort.A, TinyCohort.B, exchange: exchange);
    using var losses = new StreamWriter(Path.Combine(folder, $"losses-{rank}.csv"));
    losses.AutoFlush = true;
    var checkpoints = Path.Combine(folder, rank == 0 ? "checkpoints" : $"none-of-rank-{rank}");
    trainer.Restore(checkpoints);
    trainer.Run(checkpoints, new Recorder
    {
        Then = l => losses.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{l.Step},{l.Generator},{l.DiscriminatorA},{l.DiscriminatorB},{l.Adversarial},{l.Cycle},{l.Identity},{l.Edges},{l.Atlas}")),
    }, CancellationToken.None);
    trainer.Export(Path.Combine(folder, $"model-{rank}"));
}
