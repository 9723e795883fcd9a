using MedGan.Dicom.Volumes;
using MedGan.Jobs.Generate;
using MedGan.Jobs.Images;
using MedGan.Models.Metrics;

namespace MedGan.Jobs.Train;

/// <summary>Measures a finished model on held-out patients, or - said in the result - on training patients when nobody is held out.</summary>
internal sealed class ModelEvaluation(ModelTranslations model, CohortImages cohort)
{
    /// <summary>So many slices of a modality, evenly chosen, are enough.</summary>
    private const int MaximumSlices = 240;

    private const int Batch = 16;

    public ModelMetrics Measure(CancellationToken ct)
    {
        var heldOut = cohort.HeldOut(Modality.CT).Count > 0 && cohort.HeldOut(Modality.MR).Count > 0;
        var real = Enum.GetValues<Modality>().ToDictionary(modality => modality, modality => Choose(modality, heldOut));
        var translated = real.Where(images => model.Takes(images.Key)).ToDictionary(images => images.Key, images => Translate(images.Key, Stacks(images.Value), ct)); // by source
        ModalityMetrics? Of(Modality modality) => translated.TryGetValue(SyntheticVolume.Other(modality), out var synthetic)
            ? Measure(modality, heldOut, real[modality], real[SyntheticVolume.Other(modality)], synthetic, translated.GetValueOrDefault(modality), ct) : null;
        return new ModelMetrics(heldOut, Of(Modality.CT), Of(Modality.MR));
    }

    // there: what the real images become in the other modality; null where the model has one direction
    private ModalityMetrics Measure(
        Modality modality, bool heldOut, IReadOnlyList<CohortImage> real, IReadOnlyList<CohortImage> sources, float[][] synthetic, float[][]? there, CancellationToken ct)
    {
        var other = SyntheticVolume.Other(modality);
        var realValues = InsideHead(modality, Pixels(real), real);
        var metrics = new ModalityMetrics
        {
            Modality = modality,
            Patients = real.Select(image => image.Patient).Distinct().Count(),
            Slices = real.Count,
            PairedMae = PairedError(modality, sources, synthetic),
            SyntheticHistogramDistance = HistogramDistance.Between(InsideHead(modality, synthetic, sources), realValues),
            UntranslatedHistogramDistance = HistogramDistance.Between(InsideHead(modality, Pixels(sources), sources), realValues),
            RealHistogramDistance = heldOut ? HistogramDistance.Between(TrainingValues(modality), realValues) : null,
        };
        return there is null ? metrics : metrics with
        {
            CycleMae = MeanAbsoluteError(modality, real, Translate(other, there, ct)),
            IdentityMae = MeanAbsoluteError(modality, real, Translate(other, Stacks(real), ct)),
        };
    }

    private double? PairedError(Modality modality, IReadOnlyList<CohortImage> sources, float[][] synthetic)
    {
        var pairs = sources.Zip(synthetic, (source, image) => (Real: cohort.PartnerOf(source), image)).Where(pair => pair.Real is not null).ToList();
        return pairs.Count == 0 ? null : MeanAbsoluteError(modality, [.. pairs.Select(pair => pair.Real!)], [.. pairs.Select(pair => pair.image)]);
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

    private float[][] Translate(Modality source, float[][] stacks, CancellationToken ct)
    {
        var result = new List<float[]>(stacks.Length);
        foreach (var batch in stacks.Chunk(Batch))
        {
            ct.ThrowIfCancellationRequested();
            result.AddRange(model.Translate(source, batch));
        }
        return [.. result];
    }

    private float[][] Stacks(IEnumerable<CohortImage> images) => [.. images.Select(image => cohort.Stack(image, model.Slices / 2))];

    private static float[][] Pixels(IEnumerable<CohortImage> images) => [.. images.Select(image => image.Slice.Pixels)];
}
