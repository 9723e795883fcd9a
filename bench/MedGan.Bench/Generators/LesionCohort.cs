using MedGan.Models.Metrics;
using MedGan.Models.Training;
using MedGan.Phantoms;

namespace MedGan.Bench.Generators;

/// <summary>CT slices of made-up patients, a window of -20 .. 100 HU as [-1, 1]: one class with a haemorrhage, one without; every slice of another patient. Patients
/// in whose slice less than a circle of 5 mm radius would be seen of the blood belong to neither class: the classes differ in the lesion alone, and a slice shows what its class says.</summary>
internal sealed class LesionCohort
{
    public const string Lesion = "haemorrhage", None = "no-lesion";
    private const float LowHu = -20, HighHu = 100;
    private const double SmallestMm = 5;

    private readonly int size;
    private readonly PhantomSlice[] lesion, none;

    /// <param name="firstPatient">Patients of this number and the following ones.</param>
    /// <param name="count">Of each class.</param>
    /// <param name="size">Pixels per side.</param>
    public LesionCohort(int firstPatient, int count, int size)
    {
        this.size = size;
        var seen = Enumerable.Range(firstPatient, int.MaxValue - firstPatient).AsParallel().AsOrdered().WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(seed => PhantomSlice.Create(seed, LesionKind.Haemorrhage, size)).Where(s => s.Planted is { RadiusMm: >= SmallestMm }).Take(2 * count).ToArray();
        lesion = seen[..count];
        none = [.. seen[count..].AsParallel().AsOrdered().Select(s => PhantomSlice.Create(s.Seed, LesionKind.None, size))];
    }

    /// <summary>To train on.</summary>
    public IReadOnlyList<ClassImage> Training => [.. lesion.Select(s => new ClassImage($"{s.Seed}", Lesion, Pixels(s))), .. none.Select(s => new ClassImage($"{s.Seed}", None, Pixels(s)))];

    /// <summary>To measure against, as many of each class, values in [-1, 1].</summary>
    public IReadOnlyList<GreyImage> Images => [.. lesion.Concat(none).Select(s => new GreyImage(size, size, Pixels(s), $"{s.Seed}"))];

    /// <summary>As read from the images of a class, null where nothing was found.</summary>
    public IReadOnlyList<LesionOutline?> Read(string name) => [.. (name == Lesion ? lesion : none).Select(s => Read(Pixels(s)))];

    /// <summary>What is in the images with a lesion.</summary>
    public IReadOnlyList<LesionOutline?> Planted => [.. lesion.Select(s => s.Planted)];

    /// <param name="pixels">In [-1, 1], real or generated.</param>
    public LesionOutline? Read(float[] pixels) => HaemorrhageReading.Find([.. pixels.Select(v => LowHu + (v + 1) / 2 * (HighHu - LowHu))], size, lesion[0].PixelSpacingMm);

    private static float[] Pixels(PhantomSlice slice) => [.. slice.Hounsfield.Select(hu => Math.Clamp((hu - LowHu) / (HighHu - LowHu), 0, 1) * 2 - 1)];
}
