using MedGan.Dicom.Volumes;
using MedGan.Jobs.Images;
using MedGan.Models.Metrics;
using MedGan.Models.Sampling;

namespace MedGan.Jobs.Train;

/// <summary>Measures a finished model on held-out patients, or - said in the result - on training patients when nobody is held out.</summary>
internal sealed class ModelEvaluation(Translator translator, CohortImages cohort)
{
    /// <summary>So many slices of a modality, evenly chosen, are enough.</summary>
    private const int MaximumSlices = 240;

    private const int Batch = 16;

    public ModelMetrics Measure(CancellationToken ct)
    {
        var heldOut = cohort.HeldOut(Modality.CT).Count > 0 && cohort.HeldOut(Modality.MR).Count > 0;
        var (cts, mrs) = (Choose(Modality.CT, heldOut), Choose(Modality.MR, heldOut));
        var (realCt, realMr) = (Pixels(cts), Pixels(mrs));
        var syntheticMr = Translate(translator.AToB, realCt, ct);
        var syntheticCt = Translate(translator.BToA, realMr, ct);
        return new ModelMetrics(heldOut,
            Of(Modality.CT, heldOut, cts, cycle: Translate(translator.BToA, syntheticMr, ct),
                identity: Translate(translator.BToA, realCt, ct), syntheticCt, mrs),
            Of(Modality.MR, heldOut, mrs, cycle: Translate(translator.AToB, syntheticCt, ct),
                identity: Translate(translator.AToB, realMr, ct), syntheticMr, cts));
    }

    private ModalityMetrics Of(
        Modality modality, bool heldOut, IReadOnlyList<CohortImage> real, float[][] cycle, float[][] identity,
        float[][] synthetic, IReadOnlyList<CohortImage> sources)
    {
        var realValues = InsideHead(modality, Pixels(real), real);
        return new ModalityMetrics
        {
            Modality = modality,
            Patients = real.Select(image => image.Patient).Distinct().Count(),
            Slices = real.Count,
            CycleMae = MeanAbsoluteError(modality, real, cycle),
            IdentityMae = MeanAbsoluteError(modality, real, identity),
            SyntheticHistogramDistance = HistogramDistance.Between(InsideHead(modality, synthetic, sources), realValues),
            UntranslatedHistogramDistance = HistogramDistance.Between(InsideHead(modality, Pixels(sources), sources), realValues),
            RealHistogramDistance = heldOut ? HistogramDistance.Between(TrainingValues(modality), realValues) : null,
        };
    }

    private float[] TrainingValues(Modality modality)
    {
        var training = Choose(modality, heldOut: false);
        return InsideHead(modality, Pixels(training), training);
    }

    private static double MeanAbsoluteError(Modality modality, IReadOnlyList<CohortImage> real, float[][] other)
    {
        var (sum, pixels) = (0.0, 0L);
        for (var i = 0; i < real.Count; i++)
        {
            var head = real[i].Slice.Head;
            var inside = head.AsSpan().Count(true);
            if (inside == 0) continue;
            sum += inside * ImageErrors.Mae(InUnits(modality, real[i].Slice.Pixels), InUnits(modality, other[i]), head);
            pixels += inside;
        }
        return sum / pixels;
    }

    private static float[] InsideHead(Modality modality, float[][] images, IReadOnlyList<CohortImage> heads)
    {
        var values = new List<float>();
        for (var i = 0; i < images.Length; i++)
        {
            var (pixels, head) = (InUnits(modality, images[i]), heads[i].Slice.Head);
            for (var p = 0; p < pixels.Length; p++)
                if (head[p]) values.Add(pixels[p]);
        }
        return [.. values];
    }

    private static float[] InUnits(Modality modality, float[] pixels)
    {
        var copy = (float[])pixels.Clone();
        Intensity.FromModel(modality, copy);
        return copy;
    }

    private IReadOnlyList<CohortImage> Choose(Modality modality, bool heldOut)
    {
        var all = heldOut ? cohort.HeldOut(modality) : cohort.Training(modality);
        var stride = Math.Max(1, (all.Count + MaximumSlices - 1) / MaximumSlices);
        return [.. all.Where((_, index) => index % stride == 0)];
    }

    private static float[][] Translate(Func<IReadOnlyList<float[]>, float[][]> generator, float[][] images, CancellationToken ct)
    {
        var result = new List<float[]>(images.Length);
        foreach (var batch in images.Chunk(Batch))
        {
            ct.ThrowIfCancellationRequested();
            result.AddRange(generator(batch));
        }
        return [.. result];
    }

    private static float[][] Pixels(IEnumerable<CohortImage> images) => [.. images.Select(image => image.Slice.Pixels)];
}
