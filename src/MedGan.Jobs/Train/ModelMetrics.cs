using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Train;

/// <summary>The figures of one modality, in its own unit (CT: HU; MR: 1.0 is the 99.5th percentile of the foreground), inside the head.</summary>
public sealed record ModalityMetrics
{
    /// <summary>The modality the figures are about.</summary>
    public required Modality Modality { get; init; }

    /// <summary>Patients measured.</summary>
    public required int Patients { get; init; }

    /// <summary>Slices measured.</summary>
    public required int Slices { get; init; }

    /// <summary>Mean absolute error of real images sent to the other modality and back; null where the model has one direction.</summary>
    public double? CycleMae { get; init; }

    /// <summary>Mean absolute change of real images by the generator that makes this very modality; null where the model has one direction.</summary>
    public double? IdentityMae { get; init; }

    /// <summary>Mean absolute error of synthetic images against the registered real ones; null without pairs.</summary>
    public double? PairedMae { get; init; }

    /// <summary><see cref="HistogramDistance"/> of synthetic images of this modality to the real ones measured.</summary>
    public required double SyntheticHistogramDistance { get; init; }

    /// <summary>The same for the trivial answer: the source image, relabelled without translation.</summary>
    public required double UntranslatedHistogramDistance { get; init; }

    /// <summary>The same for real training images: what two groups of real patients differ by. Null when nobody is held out.</summary>
    public required double? RealHistogramDistance { get; init; }
}

/// <summary>The figures of each modality that the model makes, and whether they were measured on patients that the training never saw.</summary>
public sealed record ModelMetrics(bool HeldOut, ModalityMetrics? Ct, ModalityMetrics? Mr);
