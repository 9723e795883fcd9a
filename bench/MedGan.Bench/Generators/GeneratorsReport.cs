using System.Globalization;

namespace MedGan.Bench.Generators;

/// <summary>One method at one time, measured against the held-out patients.</summary>
/// <param name="Minutes">Of training.</param>
/// <param name="Images">Training images seen.</param>
/// <param name="Network">Of the features.</param>
/// <param name="Kid">Kernel distance, with its 95 % interval over patients.</param>
/// <param name="Diversity">Mean MS-SSIM of pairs of generated images; compare with <paramref name="DiversityOfReal"/>.</param>
internal sealed record CurvePoint(string Method, double Minutes, long Steps, long Images, string Network, double Kid, double? KidLow, double? KidHigh, double Frechet, double Precision, double Coverage,
    double Diversity, double DiversityOfReal, LesionFigures Lesions)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Method,-18} {Minutes,5:0.0} min {Steps,6} steps {Images,7} images  KID x 1000 {1000 * Kid,8:0.00} [{1000 * KidLow:0.00}, {1000 * KidHigh:0.00}]  Frechet {Frechet:0.000}  precision {Precision:0.00} coverage {Coverage:0.00}  MS-SSIM {Diversity:0.00} (real {DiversityOfReal:0.00})  lesions found {Lesions.Found:0.00} precision {Lesions.Precision:0.00} recall {Lesions.Recall:0.00} coverage {Lesions.Coverage:0.00} false {Lesions.FalseAlarms:0.00}  ({Network})");
}

/// <summary>How well lesions are read from the held-out patients' images, where it is known what was planted.</summary>
/// <param name="Found">The share of the planted ones that is found.</param>
/// <param name="FalseAlarms">The share of images without one in which one is found.</param>
/// <param name="PlaceMm">Median distance of the centre that is read from the planted one.</param>
/// <param name="RadiusMm">Median error of the radius.</param>
internal sealed record ReaderFigures(double Found, double FalseAlarms, double PlaceMm, double RadiusMm)
{
    public static ReaderFigures Of(LesionCohort cohort)
    {
        var (read, none) = (cohort.Read(LesionCohort.Lesion), cohort.Read(LesionCohort.None));
        var pairs = read.Zip(cohort.Planted).Where(p => p.First is not null).Select(p => (Read: p.First!, Planted: p.Second!)).ToArray();
        return new(pairs.Length / (double)read.Count, none.Count(l => l is not null) / (double)none.Count,
            Statistics.Median([.. pairs.Select(p => double.Hypot(p.Read.AcrossMm - p.Planted.AcrossMm, p.Read.DownMm - p.Planted.DownMm))]),
            Statistics.Median([.. pairs.Select(p => Math.Abs(p.Read.RadiusMm - p.Planted.RadiusMm))]));
    }
}

/// <param name="Curve">Every method at every time.</param>
/// <param name="TrainingPatients">The same figures of the training patients' images.</param>
/// <param name="Reader">How far the reading of lesions can be trusted.</param>
internal sealed record GeneratorsReport(string Bench, string Machine, IReadOnlyList<BenchRow> Rows, IReadOnlyList<CurvePoint> Curve, IReadOnlyList<CurvePoint> TrainingPatients, ReaderFigures Reader)
    : BenchReport(Bench, Machine, Rows)
{
    protected override void PrintRows()
    {
        foreach (var point in Curve.Concat(TrainingPatients)) Console.WriteLine($"  {point}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  lesions of held-out patients: found {Reader.Found:0.00}, false alarms {Reader.FalseAlarms:0.00}, place within {Reader.PlaceMm:0.0} mm, radius within {Reader.RadiusMm:0.0} mm (medians)"));
        base.PrintRows();
    }
}
