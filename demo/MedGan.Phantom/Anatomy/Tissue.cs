namespace MedGan.Phantoms.Anatomy;

/// <summary>What a point of the head is made of; the value indexes <see cref="TissueProperties"/>.</summary>
public enum Tissue : byte
{
    /// <summary>Outside, and in the sinuses.</summary>
    Air,
    /// <summary>Skin.</summary>
    Skin,
    /// <summary>Subcutaneous and orbital fat.</summary>
    Fat,
    /// <summary>Muscle and other soft tissue of the face and scalp.</summary>
    Muscle,
    /// <summary>The tables of the skull.</summary>
    CorticalBone,
    /// <summary>The marrow between the tables.</summary>
    Diploe,
    /// <summary>Falx and tentorium.</summary>
    Dura,
    /// <summary>Cerebrospinal fluid.</summary>
    Csf,
    /// <summary>Cortex and deep nuclei.</summary>
    Grey,
    /// <summary>White matter.</summary>
    White,
    /// <summary>The eye's vitreous humour.</summary>
    Vitreous,
    /// <summary>The eye's lens.</summary>
    Lens,
    /// <summary>Solid tumour.</summary>
    Tumour,
    /// <summary>Vasogenic oedema.</summary>
    Oedema,
    /// <summary>Fresh haemorrhage.</summary>
    Blood,
    /// <summary>Infarcted brain.</summary>
    Infarct,
    /// <summary>Calcified pineal gland or choroid plexus.</summary>
    Calcification,
}

/// <summary>Physical properties of tissues at 1.5 T.</summary>
/// <remarks>
/// Proton density, T1 and T2 of air, skin (as connective tissue), fat, muscle, CSF, grey and white matter: BrainWeb
/// (Kwan, Evans, Pike, IEEE TMI 18(11):1085, 1999), rounded. HU and the other tissues: textbook ranges, rounded.
/// </remarks>
public static class TissueProperties
{
    /// <summary>The number of tissues.</summary>
    public const int Count = (int)Tissue.Calcification + 1;

    private static readonly (float Hu, float ProtonDensity, float T1Ms, float T2Ms)[] Table =
    [
        (-1000, 0, 1000, 100),     // Air
        (35, .80f, 800, 55),       // Skin
        (-90, 1, 350, 70),         // Fat
        (55, 1, 900, 47),          // Muscle
        (1450, .06f, 700, 10),     // CorticalBone
        (480, .62f, 420, 65),      // Diploe
        (65, .70f, 900, 40),       // Dura
        (7, 1, 2569, 329),         // Csf
        (39, .86f, 833, 83),       // Grey
        (29, .77f, 500, 70),       // White
        (8, 1, 2900, 500),         // Vitreous
        (75, .75f, 1000, 35),      // Lens
        (44, .92f, 1350, 130),     // Tumour
        (19, .92f, 1250, 140),     // Oedema
        (68, .85f, 1100, 60),      // Blood
        (20, .90f, 1200, 150),     // Infarct
        (220, .35f, 700, 30),      // Calcification
    ];

    /// <summary>CT number in HU.</summary>
    public static float Hounsfield(Tissue t) => Table[(int)t].Hu;

    /// <summary>Spin echo signal PD (1 - exp(-TR/T1)) exp(-TE/T2), times in ms (Bloch equations, TE much shorter than TR).</summary>
    public static float SpinEcho(Tissue t, double repetitionTimeMs, double echoTimeMs)
    {
        var (_, pd, t1, t2) = Table[(int)t];
        return (float)(pd * (1 - Math.Exp(-repetitionTimeMs / t1)) * Math.Exp(-echoTimeMs / t2));
    }
}
