using MedGan.Models.Metrics;
using MedGan.Models.Training;
using MedGan.Phantoms;

namespace MedGan.Bench.Generators;

/// <summary>CT slices of made-up patients, a window of -20 .. 100 HU as [-1, 1]: one class with a haemorrhage, one without; every slice of another patient.</summary>
internal sealed class LesionCohort
{
    public const string Lesion = "haemorrhage", None = "no-lesion";
    private const float LowHu = -20, HighHu = 100;

    private readonly int size;
    private readonly PhantomSlice[] lesion, none;

    /// <param name="firstPatient">Patients of this number and the following ones.</param>
    /// <param name="count">Of each class.</param>
    /// <param name="size">Pixels per side.</param>
    public LesionCohort(int firstPatient, int count, int size)
    {
        this.size = size;
        PhantomSlice[] Of(LesionKind kind, int first) => [.. Enumerable.Range(first, count).AsParallel().AsOrdered().Select(seed => PhantomSlice.Create(seed, kind, size))];
        (lesion, none) = (Of(LesionKind.Haemorrhage, firstPatient), Of(LesionKind.None, firstPatient + count));
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
