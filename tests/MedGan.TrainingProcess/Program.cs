using System.Globalization;
using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training;
using MedGan.Models.Training;

// Trains the tests' tiny cohort in a process of its own. Exit code 3: the other processes are gone; the reason is on standard error.
// train FOLDER RANK WORLD PORT SECONDS: FOLDER/plan.json says what; WORLD 0 = alone.
// checkpoints FOLDER FIRST: saves one after the other, each step's parts full of its number, and says each step that is saved; until it is killed.
// memory FOLDER: the same, alone; writes step and resident KiB of every hundredth step to FOLDER/resident.csv.
try
{
    switch (args)
    {
        case ["train", var folder, var rank, var world, var port, var seconds]:
            Train(folder, Number(rank), Number(world), Number(port), TimeSpan.FromSeconds(Number(seconds)));
            return 0;
        case ["memory", var folder]:
            Memory(folder);
            return 0;
        case ["checkpoints", var folder, var first]:
            SaveForEver(folder, Number(first));
            return 0;
        default:
            return 2;
    }
}
catch (Exception e) when (e is GradientExchangeException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static CycleGanPlan Plan(string folder) => (CycleGanPlan)TrainingPlan.FromJson(File.ReadAllText(Path.Combine(folder, "plan.json")));

static void SaveForEver(string folder, int first)
{
    var checkpoints = new CheckpointFolder(folder);
    for (var step = first; ; step++)
    {
        checkpoints.Save(step, unfinished =>
        {
            foreach (var part in (string[])["one", "two"]) File.WriteAllBytes(Path.Combine(unfinished, part), [.. Enumerable.Repeat((byte)step, 100_000)]);
        });
        Console.WriteLine(step);
    }
}

static void Memory(string folder)
{
    using var trainer = TinyCohort.Trainer(Plan(folder));
    using var resident = new StreamWriter(Path.Combine(folder, "resident.csv"));
    trainer.Run(Path.Combine(folder, "checkpoints"), new ResidentMemory(resident), CancellationToken.None);
}

static void Train(string folder, int rank, int world, int port, TimeSpan timeout)
{
    using var exchange = world == 0 ? null : GradientExchange.Connect(rank, world, "127.0.0.1", port, timeout);
    using var trainer = TinyCohort.Trainer(Plan(folder), exchange);
    using var losses = new StreamWriter(Path.Combine(folder, $"losses-{rank}.csv"));
    losses.AutoFlush = true;
    var checkpoints = Path.Combine(folder, rank == 0 ? "checkpoints" : $"none-of-rank-{rank}");
    trainer.Restore(checkpoints);
    trainer.Run(checkpoints, new Recorder
    {
        Then = l => losses.WriteLine(string.Join(',', l.Losses.Where(loss => loss.Key != "discriminatorAccuracy").Select(loss => loss.Value).Prepend(l.Step).Select(v => v.ToString(CultureInfo.InvariantCulture)))),
    }, CancellationToken.None);
    trainer.Export(Path.Combine(folder, $"model-{rank}"));
}

// remembers nothing, which would be memory too
internal sealed class ResidentMemory(TextWriter log) : ITrainingFollower
{
    public void OnStep(long step, IReadOnlyDictionary<string, double> losses)
    {
        if (step % 100 != 0) return;
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        log.WriteLine($"{step},{line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]}");
    }

    public void OnSamples(long step, SampleSheet sheet)
    {
    }
}
