using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>Plants copies of training images and counts how many the gate finds.</summary>
internal static class SelfTest
{
    /// <summary>Training images that are planted: spread over patients, none of them empty.</summary>
    public static IReadOnlyList<GateImage> Choose(IReadOnlyList<GateImage> training, GateOptions options)
    {
        var random = new Random(options.SelfTestSeed);
        var patients = training
            .Where(image => !ImageCheck.IsEmpty(image.Pixels, options.EmptyForegroundFraction) && !ImageCheck.IsFlat(image.Pixels))
            .GroupBy(image => image.PatientId)
            .Select(patient => new Queue<GateImage>(patient.OrderBy(_ => random.Next())))
            .OrderBy(_ => random.Next()).ToList();
        var chosen = new List<GateImage>();
        while (chosen.Count < options.PlantedImages && patients.Count > 0)
        {
            foreach (var patient in patients)
                if (chosen.Count < options.PlantedImages) chosen.Add(patient.Dequeue());
            patients.RemoveAll(patient => patient.Count == 0);
        }
        return chosen;
    }

    /// <summary>Each chosen image in every kind of copy, judged as any generated image is.</summary>
    public static IReadOnlyList<PlantedCopies> Run(
        IReadOnlyList<GateImage> chosen, int size, Detectors detectors, TailThreshold[] thresholds, int seed, Action<int> done, CancellationToken ct)
    {
        var result = new List<PlantedCopies>();
        foreach (var alteration in Alteration.All)
        {
            var random = new Random(seed);
            var matches = detectors.Search([.. chosen.Select(image => alteration.Apply(image.Pixels, size, random))], done, ct);
            result.Add(new PlantedCopies(alteration.Name, alteration.Deciding, RateEstimate.From(matches.Count(m => Calibration.Exceeds(m, thresholds)), chosen.Count)));
        }
        return result;
    }
}
