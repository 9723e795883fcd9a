using MedGan.Demo.Cohorts;
using MedGan.Dicom.Volumes;

namespace MedGan.Demo.Evaluation;

/// <summary>A phantom patient together with what the service said of its series.</summary>
/// <param name="Truth">The patient's head, as the phantom knows it.</param>
/// <param name="Split">Train, Validation or Test, as the training split it.</param>
/// <param name="Released">The synthetic slices that were released for it, in the other modality.</param>
internal sealed record EvaluatedPatient(PhantomTruth Truth, string Split, IReadOnlyList<ReleasedSlice> Released);

/// <summary>
/// Compares released synthetic CT with the truth on held-out MR patients, beside two answers that need no network: the mean
/// training CT at the same place of the head, and the MR whose values were mapped to the training CT's histogram.
/// </summary>
internal static class TruthEvaluation
{
    private const int GridSize = 128;
    private const double PsnrRangeHu = 4095;

    /// <param name="mrPatients">Patients scanned by MR; only held-out ones count.</param>
    /// <param name="trainingCt">The CT scans that the training saw.</param>
    public static TruthComparison SyntheticCt(IEnumerable<EvaluatedPatient> mrPatients, IReadOnlyList<Volume> trainingCt)
    {
        var heldOut = mrPatients.Where(patient => patient.Split != "Train" && patient.Released.Count > 0).ToList();
        if (heldOut.Count == 0 || trainingCt.Count == 0) throw DemoException.FallsShort("no synthetic CT of a held-out patient was released, so nothing can be compared with the truth");
        var mean = MeanOnGrid(trainingCt);
        var ctInHead = trainingCt.SelectMany(volume => InHead(volume, BodyMask.Of(volume))).ToList();
        ErrorSum synthetic = new(), meanTraining = new(), matched = new();
        var slices = 0;
        foreach (var patient in heldOut)
        {
            var (truth, scan) = (patient.Truth.OtherModality, patient.Truth.Scan);
            var head = BodyMask.Of(truth);
            var match = new HistogramMatch(InHead(scan, head), ctInHead);
            var grid = InPlaneGrid.For(scan, GridSize);
            var (rows, columns) = (truth.Geometry.Rows, truth.Geometry.Columns);
            foreach (var released in patient.Released)
            {
                var k = (int)Math.Round((released.PositionZMm - truth.Geometry.OriginMm.Z) / truth.Geometry.SliceSpacingMm);
                var mask = head.AsSpan(k * rows * columns, rows * columns);
                var meanSlice = new float[rows * columns];
                grid.Restore(mean[k], meanSlice, Intensity.OutsideValue(Modality.CT));
                synthetic.Add(released.Values, truth.Slice(k), mask);
                meanTraining.Add(meanSlice, truth.Slice(k), mask);
                matched.Add([.. scan.Slice(k).ToArray().Select(match.Map)], truth.Slice(k), mask);
                slices++;
            }
        }
        return new("Synthetic CT from MR, held-out patients", "HU", heldOut.Count, slices, synthetic.Of("synthetic CT", PsnrRangeHu),
            meanTraining.Of("mean training CT", PsnrRangeHu), matched.Of("histogram-matched MR", PsnrRangeHu));
    }

    // Every head is centred first, so that the mean is not blurred by where the patients lay.
    private static List<float[]> MeanOnGrid(IReadOnlyList<Volume> volumes)
    {
        var mean = Enumerable.Range(0, volumes[0].Geometry.Slices).Select(_ => new float[GridSize * GridSize]).ToList();
        foreach (var volume in volumes)
        {
            var grid = InPlaneGrid.For(volume, GridSize);
            for (var k = 0; k < mean.Count; k++)
            {
                var slice = grid.Sample(volume, k, Intensity.OutsideValue(Modality.CT));
                for (var i = 0; i < slice.Length; i++) mean[k][i] += slice[i] / volumes.Count;
            }
        }
        return mean;
    }

    private static IEnumerable<float> InHead(Volume volume, bool[] head) => volume.Voxels.Where((_, i) => head[i]);
}
