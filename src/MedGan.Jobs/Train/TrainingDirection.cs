using MedGan.Dicom.Volumes;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Train;

/// <summary>Which way a training translates.</summary>
internal static class TrainingDirection
{
    /// <summary>What a method of one direction translates; CT where the training does not say.</summary>
    public static Modality Source(this TrainingRecord training) => training.SourceModality is { } source ? Enum.Parse<Modality>(source) : Modality.CT;
}
