using System.Globalization;

namespace MedGan.Bench.Generators;

/// <summary>What `bench generators` was asked for.</summary>
internal sealed record GeneratorOptions
{
    public const string Usage = "generators [--plans PLAN.json,...] [--minutes M] [--points N] [--seed S] [--patients N] [--held-out N] [--features FILE] [--out DIR] [--processor-time] [--json]";

    /// <summary>Plans of class-conditional methods; the first is the peer of the others.</summary>
    public IReadOnlyList<string> Plans { get; init; } = ["phantom-dcgan-small", "phantom-stylegan2-ada-small", "phantom-r3gan-small"];

    /// <summary>Of training time for each method.</summary>
    public double Minutes { get; init; } = 8;

    /// <summary>Of the learning curve.</summary>
    public int Points { get; init; } = 4;

    /// <summary>In the place of the plans' own.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Trained on, of each class; one slice each.</summary>
    public int Patients { get; init; } = 1000;

    /// <summary>Measured against, of each class; one slice each.</summary>
    public int HeldOut { get; init; } = 300;

    /// <summary>A feature network in safetensors, besides the encoder that is trained on the training patients.</summary>
    public string? Features { get; init; }

    /// <summary>Where models, samples and contact sheets are left.</summary>
    public string? Out { get; init; }

    /// <summary>Counts the minutes of this process's processor instead of the wall's: for a busy machine.</summary>
    public bool ProcessorTime { get; init; }

    public static GeneratorOptions Parse(IReadOnlyList<string> args)
    {
        var options = new GeneratorOptions();
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (name == "--json") continue;
            if (name == "--processor-time")
            {
                options = options with { ProcessorTime = true };
                continue;
            }
            var value = i + 1 < args.Count ? args[++i] : throw new BenchException($"{name} wants a value: {Usage}");
            options = name switch
            {
                "--plans" => options with { Plans = value.Split(',') },
                "--minutes" => options with { Minutes = double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 ? minutes : throw new BenchException("--minutes wants a number above 0") },
                "--points" => options with { Points = Whole(name, value, 1) },
                "--seed" => options with { Seed = Whole(name, value, 0) },
                "--patients" => options with { Patients = Whole(name, value, 32) },
                "--held-out" => options with { HeldOut = Whole(name, value, 10) },
                "--features" => options with { Features = value },
                "--out" => options with { Out = value },
                _ => throw new BenchException($"{name} is not known: {Usage}"),
            };
        }
        return options;
    }

    private static int Whole(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : throw new BenchException($"{name} wants a whole number from {least} on");
}
