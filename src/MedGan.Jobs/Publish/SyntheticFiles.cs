using FellowOakDicom;
using MedGan.Dicom.Synthetic;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Generate;
using MedGan.Models.Training;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Publish;

/// <summary>
/// A synthetic series as DICOM files. The gate judges, and seals, exactly the pixel bytes that these files carry, and
/// publishing makes them again from the quarantined volume: the seal holds only if they are the same.
/// </summary>
internal sealed class SyntheticFiles(SyntheticSetRecord set, TrainingRecord training)
{
    // of the plan that was trained by
    private string Model { get; } = TrainingPlan.FromJson(training.PlanJson) is var plan and not CycleGanPlan ? $"MedGan {plan.Method}" : "MedGan CycleGAN";

    /// <summary>One file for each slice named, in that order.</summary>
    /// <param name="volume">The quarantined volume.</param>
    /// <param name="slices">Which of its slices.</param>
    /// <param name="series">The series' row.</param>
    /// <param name="seriesNumber">Series Number (0020,0011).</param>
    public IReadOnlyList<DicomFile> Write(Volume volume, IReadOnlyList<int> slices, SyntheticSeriesRecord series, int seriesNumber) =>
        SyntheticSeriesWriter.Write(volume, slices, new SyntheticStudy(
            series.SyntheticPatientId, series.StudyInstanceUid, series.SeriesInstanceUid,
            SyntheticNames.FrameOfReference(series.StudyInstanceUid), seriesNumber,
            ModelName: Model, ModelVersion: training.Id.ToString("N"), set.CreatedAt));
}
