using System.Security.Cryptography;
using MedGan.Dicom.Volumes;
using MedGan.Jobs.Hosting;
using MedGan.Jobs.Images;
using MedGan.Jobs.Publish;
using MedGan.Jobs.Train;
using MedGan.Models.Training;
using MedGan.Privacy.ReleaseGate;
using MedGan.Storage.Objects;
using MedGan.Storage.Records;

namespace MedGan.Jobs.PrivacyGate;

/// <summary>The gate's word on a whole set.</summary>
/// <param name="Report">Of both modalities.</param>
/// <param name="Released">Sealed.</param>
/// <param name="Withheld">With their reasons.</param>
/// <param name="Pairs">The sheet of nearest pairs, a PNG file; null when nothing was compared.</param>
internal sealed record JudgedSet(
    PrivacyReport Report, IReadOnlyList<ReleasedInstance> Released, IReadOnlyList<WithheldInstance> Withheld, byte[]? Pairs);

/// <summary>Brings a set, its training data and the cohort encoder before the gate, one generated modality after the other.</summary>
internal sealed class SetJudge(
    SyntheticSetRecord set, TrainingRecord training, CohortSnapshot snapshot, IReadOnlyList<SyntheticSeriesRecord> series,
    DataFiles files, GateKey key, TimeProvider clock)
{
    /// <summary>Judges. Synchronous, on one thread, because the encoder's tensors live there.</summary>
    /// <param name="encoderFile">The cohort encoder, a file of this machine.</param>
    /// <param name="progress">The job's.</param>
    public JudgedSet Judge(string encoderFile, JobProgress progress)
    {
        var plan = TrainingPlan.FromJson(training.PlanJson);
        progress.Post(0, "reading the training images");
        var cohort = CohortImages.Load(snapshot, source => files.ReadVolume(source.VolumePath), plan.ImageSize, progress.Stopped);
        using var encoder = CohortEncoder.Load(encoderFile);
        var gate = new ReleaseGate(key, new GateOptions(), encoder.Embed, clock);

        var (reports, released, withheld, pairs) = (new Dictionary<Modality, GateReport>(), new List<ReleasedInstance>(), new List<WithheldInstance>(), new NearestPairs());
        var targets = TargetsOf(series);
        foreach (var target in targets)
        {
            var input = GateInputs.Of(target, cohort, Generated(target, plan.ImageSize, progress.Stopped));
            var outcome = gate.Judge(input, new Share(progress, target, targets), progress.Stopped);
            reports[target] = outcome.Report;
            released.AddRange(outcome.Released);
            withheld.AddRange(outcome.Withheld);
            pairs.Add(target, input, outcome.Report);
        }
        return new JudgedSet(new PrivacyReport(set.Id, training.Id, reports), released, withheld, pairs.ToPng());
    }

    /// <summary>What is said of a set that could not be judged: nothing of it is released.</summary>
    public static PrivacyReport NothingReleased(SyntheticSetRecord set, IReadOnlyList<SyntheticSeriesRecord> series, string why, DateTimeOffset at) =>
        new(set.Id, set.TrainingId, TargetsOf(series).ToDictionary(modality => modality, modality =>
        {
            var images = series.Where(s => s.TargetModality == modality.ToString()).Sum(s => s.ReleasedCount + s.WithheldCount);
            return new GateReport
            {
                JudgedAt = at,
                Certified = false,
                WhyNotCertified = [why],
                TrainingImages = 0,
                TrainingPatients = 0,
                Generated = images,
                Released = 0,
                ReleasedEmpty = 0,
                Withheld = images,
                Images = [],
            };
        }));

    private IReadOnlyList<GateImage> Generated(Modality target, int imageSize, CancellationToken ct)
    {
        var writer = new SyntheticFiles(set, training);
        var sources = snapshot.Series.ToDictionary(source => source.Id);
        var images = new List<GateImage>();
        foreach (var one in series.Where(s => s.TargetModality == target.ToString()))
        {
            ct.ThrowIfCancellationRequested();
            var synthetic = files.ReadVolume(one.QuarantinePath!);
            var grid = InPlaneGrid.For(files.ReadVolume(sources[one.SourceSeriesId].VolumePath), imageSize);
            int[] slices = [.. Enumerable.Range(0, synthetic.Geometry.Slices)];
            var contents = writer.Write(synthetic, slices, one, seriesNumber: 1).Select(file => ReleaseStore.ContentOf(file.Dataset));
            images.AddRange(slices.Zip(contents, (slice, content) => GateInputs.Generated(
                new ImageId(one.Id, slice).ToString(), one.SourcePatientPseudonym, synthetic, slice, grid, Convert.ToHexStringLower(SHA256.HashData(content)))));
        }
        return images;
    }

    // what a model of one direction does not make is not judged
    private static Modality[] TargetsOf(IEnumerable<SyntheticSeriesRecord> series) => [.. Enum.GetValues<Modality>().Where(modality => series.Any(s => s.TargetModality == modality.ToString()))];

    /// <summary>The gate's progress with one of the modalities, as part of the job's.</summary>
    private sealed class Share(JobProgress progress, Modality target, Modality[] targets) : IProgress<double>
    {
        public void Report(double value) =>
            progress.Post((value + Array.IndexOf(targets, target)) / targets.Length, $"judging synthetic {target}");
    }
}
