namespace MedGan.Models.Training;

/// <summary>
/// Small rigid and scale changes of a square image, as a patient might have lain a little differently: never an intensity change,
/// since intensity is what the translation has to learn. No left-right flip unless asked for: heads are not symmetric, laterality
/// is clinical information, and a model that was shown mirrored patients can memorise mirrored patients.
/// </summary>
/// <param name="ShiftShare">Largest shift as a share of the image's width.</param>
/// <param name="RotationDegrees">Largest rotation, degrees.</param>
/// <param name="ScaleShare">Largest change of scale, as a share.</param>
/// <param name="Flip">Whether half of the images are mirrored left to right.</param>
public readonly record struct Augmentation(double ShiftShare, double RotationDegrees, double ScaleShare, bool Flip)
{
    /// <summary>Writes a randomly moved copy of <paramref name="source"/>; what comes from outside takes the nearest edge's value.</summary>
    public void Apply(ReadOnlySpan<float> source, Span<float> target, int size, SeededRandom random)
    {
        Draw(size, random).Apply(source, target, size);
    }

    /// <summary>Takes from the generator what <see cref="Apply"/> would take.</summary>
    internal void Skip(SeededRandom random) => Draw(1, random);

    /// <summary>One random change, for all images that it shall be the same for.</summary>
    internal Motion Draw(int size, SeededRandom random)
    {
        var angle = random.Uniform(-RotationDegrees, RotationDegrees) * Math.PI / 180;
        var scale = 1 + random.Uniform(-ScaleShare, ScaleShare);
        var shiftX = random.Uniform(-ShiftShare, ShiftShare) * size;
        var shiftY = random.Uniform(-ShiftShare, ShiftShare) * size;
        return new Motion(angle, scale, shiftX, shiftY, Flip && random.Next(2) == 1);
    }
}

/// <summary>See <see cref="AffineWarp.Apply"/>.</summary>
internal readonly record struct Motion(double Angle, double Scale, double ShiftX, double ShiftY, bool Mirror)
{
    public void Apply(ReadOnlySpan<float> source, Span<float> target, int size) => AffineWarp.Apply(source, target, size, Angle, Scale, ShiftX, ShiftY, Mirror);
}
