using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>How an image was judged.</summary>
public enum EvidenceKind
{
    /// <summary>Compared with every training image.</summary>
    Compared,
    /// <summary>Only air: it shows no person, there is nothing to compare.</summary>
    Empty,
    /// <summary>Never compared: unusable, or the gate stopped before.</summary>
    NotCompared,
}

/// <summary>The closest training image in one view.</summary>
/// <param name="Detector">ncc-full, ncc-half, ncc-quarter, ncc-detail, ncc-aligned or embedding.</param>
/// <param name="Correlation">-1 to 1.</param>
/// <param name="Threshold">What it must exceed for the image to be withheld.</param>
/// <param name="NearestTrainingId">The training image.</param>
/// <param name="Mirror">The form of the judged image in which it is closest.</param>
public sealed record DetectorScore(string Detector, double Correlation, double Threshold, string NearestTrainingId, Mirror Mirror)
{
    /// <summary>Too close to a training image.</summary>
    public bool Exceeds => !(Correlation <= Threshold);
}

/// <summary>What was measured on one image.</summary>
/// <param name="Kind">How it was judged.</param>
/// <param name="Scores">One per detector; empty unless <see cref="EvidenceKind.Compared"/>.</param>
/// <param name="NearestTrainingId">Of the detector that comes closest to, or furthest over, its threshold.</param>
public sealed record Evidence(EvidenceKind Kind, IReadOnlyList<DetectorScore> Scores, string? NearestTrainingId)
{
    internal static readonly Evidence NotCompared = new(EvidenceKind.NotCompared, [], null);
    internal static readonly Evidence Empty = new(EvidenceKind.Empty, [], null);

    internal static Evidence Compared(IReadOnlyList<DetectorScore> scores) =>
        new(EvidenceKind.Compared, scores, scores.MaxBy(s => Math.Atanh(Math.Clamp(s.Correlation, -0.999999, 0.999999)) - Math.Atanh(s.Threshold))!.NearestTrainingId);
}
