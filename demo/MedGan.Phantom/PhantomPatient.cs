using MedGan.Dicom.Volumes;

namespace MedGan.Phantoms;

/// <summary>What may be found in a head besides healthy anatomy.</summary>
public enum LesionKind
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>A solid tumour in a rim of oedema.</summary>
    Tumour,
    /// <summary>Bleeding into the brain.</summary>
    Haemorrhage,
    /// <summary>A territory without blood.</summary>
    Infarct,
}

/// <summary>One smooth plane wave of a deformation: Amplitude * sin(Wave . p + Phase), in mm and rad.</summary>
public readonly record struct DeformationWave(Vector3d Wave, double Phase, Vector3d Amplitude);

/// <summary>The individual anatomy of a made-up patient. Lengths in mm, angles in radians; everything follows from the seed.</summary>
public sealed record PhantomPatient
{
    /// <summary>The seed that all of this, and the noise of the patient's images, comes from.</summary>
    public required int Seed { get; init; }
    /// <summary>Size of the head relative to the average, per axis.</summary>
    public required Vector3d Scale { get; init; }
    /// <summary>Rotation about the x, y and z axis.</summary>
    public required Vector3d Rotation { get; init; }
    /// <summary>Where the head's centre lies.</summary>
    public required Vector3d ShiftMm { get; init; }
    /// <summary>How much wider the back of the skull is than its front.</summary>
    public required double Egg { get; init; }
    /// <summary>Left-right asymmetry of the hemispheres.</summary>
    public required double Asymmetry { get; init; }
    /// <summary>Skull between the scalp and the brain cavity, on the side of the head.</summary>
    public required double SkullMm { get; init; }
    /// <summary>Skin, fat and muscle over the skull.</summary>
    public required double ScalpMm { get; init; }
    /// <summary>CSF between skull and brain; grows with age.</summary>
    public required double SubarachnoidMm { get; init; }
    /// <summary>Half width of a sulcus at the surface; grows with age.</summary>
    public required double SulcusMm { get; init; }
    /// <summary>Distance after which the folds of the cortex repeat.</summary>
    public required double FoldMm { get; init; }
    /// <summary>Size of the ventricles relative to the average.</summary>
    public required double Ventricles { get; init; }
    /// <summary>Relative length of the ventricles' occipital horns, left and right.</summary>
    public required (double Left, double Right) OccipitalHorns { get; init; }
    /// <summary>Rotation, phase and warp of the folds: what makes a brain that person's.</summary>
    public required (Vector3d Rotation, Vector3d Phase) Fold { get; init; }
    /// <summary>Size of the frontal sinus; below 0.3 there is none.</summary>
    public required double FrontalSinus { get; init; }
    /// <summary>Calcified pineal gland and choroid plexus.</summary>
    public required bool Calcified { get; init; }
    /// <summary>Cortical bone relative to the average, in CT numbers.</summary>
    public required double BoneDensity { get; init; }
    /// <summary>What else is found.</summary>
    public required LesionKind Lesion { get; init; }
    /// <summary>Centre of the lesion in the head's own coordinates.</summary>
    public required Vector3d LesionCentreMm { get; init; }
    /// <summary>Radius of the lesion.</summary>
    public required double LesionRadiusMm { get; init; }
    /// <summary>The smooth deformation of the whole head.</summary>
    public required IReadOnlyList<DeformationWave> Deformation { get; init; }
    /// <summary>The smooth deformation of the folds alone.</summary>
    public required IReadOnlyList<DeformationWave> FoldWarp { get; init; }

    /// <summary>The patient of a seed.</summary>
    public static PhantomPatient Create(int seed)
    {
        var r = new PhantomRandom(seed, 1);
        Vector3d Within(double x, double y, double z) => new(r.Uniform(-x, x), r.Uniform(-y, y), r.Uniform(-z, z));
        var size = r.Uniform(0.95, 1.05);
        var age = r.Uniform();
        var side = r.Uniform() < 0.5 ? -1 : 1;
        return new PhantomPatient
        {
            Seed = seed,
            Scale = new(size * r.Uniform(0.93, 1.07), size * r.Uniform(0.93, 1.07), size * r.Uniform(0.95, 1.05)),
            Rotation = Within(0.13, 0.08, 0.17),
            ShiftMm = Within(6, 6, 5),
            Egg = r.Uniform(0, 0.18),
            Asymmetry = r.Uniform(-0.05, 0.05),
            SkullMm = r.Uniform(4.5, 9.5),
            ScalpMm = r.Uniform(4, 8),
            SubarachnoidMm = 1 + 2.5 * age + r.Uniform(0, 0.7),
            SulcusMm = 0.5 + 1.2 * age + r.Uniform(0, 0.4),
            FoldMm = r.Uniform(23, 31),
            Ventricles = 0.7 + 0.75 * age + r.Uniform(-0.1, 0.15),
            OccipitalHorns = (r.Uniform(0.5, 1.3), r.Uniform(0.5, 1.3)),
            Fold = (Within(3, 3, 3), Within(3.1, 3.1, 3.1)),
            FrontalSinus = r.Uniform(0, 1.4),
            Calcified = r.Uniform() < 0.3 + 0.5 * age,
            BoneDensity = r.Uniform(0.85, 1.12),
            Lesion = r.Uniform() < 0.4 ? (LesionKind)(1 + r.Below(3)) : LesionKind.None,
            LesionCentreMm = new(side * r.Uniform(26, 44), r.Uniform(-38, 42), r.Uniform(6, 38)),
            LesionRadiusMm = r.Uniform(7, 17),
            Deformation = Waves(r, 5, 110, 200, 1.9),
            FoldWarp = Waves(r, 5, 35, 80, 3.2),
        };
    }

    private static DeformationWave[] Waves(PhantomRandom r, int count, double shortestMm, double longestMm, double amplitudeMm)
    {
        Vector3d Normal3() => new(r.Normal(), r.Normal(), r.Normal());
        return [.. Enumerable.Range(0, count).Select(_ => new DeformationWave(
            Normal3().Normalized() * (2 * Math.PI / r.Uniform(shortestMm, longestMm)),
            r.Uniform(0, 2 * Math.PI),
            Normal3() * (amplitudeMm / Math.Sqrt(3))))];
    }
}
