using MedGan.Models.Training;

namespace MedGan.Models.Metrics;

/// <summary>
/// What synthetic images are good for (Esteban et al., 1706.02633, section 4.3, "train on synthetic, test on real"; Ravuri and Vinyals, 1905.10887): a classifier
/// is trained on real, on synthetic and on both kinds of images and tested on held-out real ones, once for each seed.
/// </summary>
public static class TrainOnSynthetic
{
    /// <param name="real">Real images to train on; some of every class.</param>
    /// <param name="synthetic">Synthetic images of these classes; of the rare ones alone, if one likes.</param>
    /// <param name="test">Real images of other patients.</param>
    /// <param name="materials">What to compare.</param>
    /// <param name="plan">How to train.</param>
    /// <param name="ct">Stops between two steps.</param>
    public static SyntheticUse Of(IReadOnlyList<LabelledImage> real, IReadOnlyList<LabelledImage> synthetic, IReadOnlyList<LabelledImage> test,
        IReadOnlyList<TrainingMaterial> materials, ClassifierPlan plan, CancellationToken ct)
    {
        plan.Check();
        string[] classes = [.. real.Select(i => i.Class).Distinct().Order(StringComparer.Ordinal)];
        Check(real, synthetic, test, materials, plan, classes);
        Compute.Prepare("cpu", plan.Threads);
        float[][][] ByClass(IReadOnlyList<LabelledImage> images) => [.. classes.Select(name => images.Where(i => i.Class == name).Select(i => i.Pixels).ToArray())];
        float[][][] none = [.. classes.Select(_ => Array.Empty<float[]>())];
        var (truth, questions) = (test.Select(i => Array.IndexOf(classes, i.Class)).ToArray(), test.Select(i => i.Pixels).ToArray());

        ClassifierScores Train(TrainingMaterial material, long seed)
        {
            using var training = new ClassifierTraining(plan,
                material is TrainingMaterial.SyntheticOnly ? none : ByClass(real),
                material is TrainingMaterial.None or TrainingMaterial.Classical ? none : ByClass(synthetic),
                augment: material is TrainingMaterial.Classical or TrainingMaterial.Both, seed);
            training.Learn(ct);
            return ClassifierScores.Of(truth, training.Classify(questions), classes.Length);
        }

        return new(classes, [.. plan.Seeds], plan.Confidence, test.Count,
            materials.Distinct().ToDictionary(m => m, m => (IReadOnlyList<ClassifierScores>)[.. plan.Seeds.Select(seed => Train(m, seed))]));
    }

    private static void Check(IReadOnlyList<LabelledImage> real, IReadOnlyList<LabelledImage> synthetic, IReadOnlyList<LabelledImage> test, IReadOnlyList<TrainingMaterial> materials,
        ClassifierPlan plan, string[] classes)
    {
        if (classes.Length < 2) throw new ArgumentException("A classifier needs real images of at least two classes.", nameof(real));
        if (test.Count == 0) throw new ArgumentException("There is no image to test on.", nameof(test));
        if (materials.Count == 0) throw new ArgumentException("There is nothing to train on.", nameof(materials));
        foreach (var image in real.Concat(synthetic).Concat(test))
        {
            if (!classes.Contains(image.Class)) throw new ArgumentException($"There is no real training image of class {image.Class}.");
            if (image.Pixels.Length != plan.ImageSize * plan.ImageSize) throw new ArgumentException($"An image has {image.Pixels.Length} pixels; the classifier works on {plan.ImageSize} x {plan.ImageSize}.");
        }
        if (synthetic.Count == 0 && materials.Any(m => m is not (TrainingMaterial.None or TrainingMaterial.Classical))) throw new ArgumentException("There is no synthetic image.", nameof(synthetic));
        if (materials.Contains(TrainingMaterial.SyntheticOnly) && classes.Except(synthetic.Select(i => i.Class)).FirstOrDefault() is { } missing)
            throw new ArgumentException($"Training on synthetic images alone needs some of every class; there is none of {missing}.", nameof(synthetic));
    }
}
