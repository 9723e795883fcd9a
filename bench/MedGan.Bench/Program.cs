using System.Globalization;
using MedGan.Bench;
using MedGan.Bench.Generators;
using MedGan.Bench.Service;

try
{
    var rounds = 5;
    if (args.ToList().IndexOf("--rounds") is >= 0 and var at
        && (at + 1 == args.Length || !int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds < 1))
        throw new BenchException("--rounds wants a number from 1 on");
    BenchReport report = args.FirstOrDefault() switch
    {
        "translation" => TranslationBench.Run(rounds),
        "inference" => InferenceBench.Run(rounds),
        "dicom" => DicomBench.Run(rounds),
        "generators" => GeneratorsBench.Run(GeneratorOptions.Parse(args[1..])),
        "service" => await ServiceBench.RunAsync(rounds),
        var name => throw new BenchException($"there is no benchmark '{name}': translation, inference, generators, dicom and service are there"),
    };
    report.Print(args.Contains("--json"));
    return report.Rows.All(row => row.Met) ? 0 : 1;
}
catch (BenchException e)
{
    Console.Error.WriteLine($"medgan: {e.Message}");
    return 2;
}
