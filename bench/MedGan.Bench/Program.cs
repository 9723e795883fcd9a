using System.Globalization;
using MedGan.Bench;
using MedGan.Bench.Generators;
using MedGan.Bench.RareClass;
using MedGan.Bench.Service;

try
{
    string? Option(string name) => args.ToList().IndexOf(name) is >= 0 and var at ? at + 1 < args.Length ? args[at + 1] : throw new BenchException($"{name} wants a value") : null;
    var rounds = 5;
    if (Option("--rounds") is { } wanted && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds < 1)) throw new BenchException("--rounds wants a number from 1 on");
    var minutes = 10.0;
    if (Option("--minutes") is { } time && (!double.TryParse(time, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out minutes) || minutes <= 0)) throw new BenchException("--minutes wants a number above 0");
    var output = Path.GetFullPath(Option("--out") ?? Path.Combine(Repository.Root, "artifacts", "bench"));
    BenchReport report = args.FirstOrDefault() switch
    {
        "translation" => TranslationBench.Run(rounds),
        "inference" => InferenceBench.Run(rounds),
        "dicom" => DicomBench.Run(rounds),
        "generators" => GeneratorsBench.Run(GeneratorOptions.Parse(args[1..])),
        "paired" => PairedBench.Run(minutes, Option("--plan"), output, args.Contains("--to-ct")),
        "rare-class" => RareClassBench.Run(minutes, Option("--plan"), output),
        "service" => await ServiceBench.RunAsync(rounds),
        var name => throw new BenchException($"there is no benchmark '{name}': translation, inference, generators, paired, rare-class, dicom and service are there"),
    };
    report.Print(args.Contains("--json"));
    return report.Rows.All(row => row.Met) ? 0 : 1;
}
catch (BenchException e)
{
    Console.Error.WriteLine($"medgan: {e.Message}");
    return 2;
}
