using MedGan.Models.Networks;
using MedGan.Models.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Metrics;

/// <summary>Trains one classifier and asks it. Every class is drawn equally often, however rare it is.</summary>
internal sealed class ClassifierTraining : IDisposable
{
    private readonly ClassifierPlan plan;
    private readonly SmallClassifier network;
    private readonly (float[][] Real, BatchSampler? NextReal, float[][] Synthetic, BatchSampler? NextSynthetic)[] classes;
    private readonly bool augment;
    private readonly SeededRandom random;

    /// <param name="plan">A checked plan.</param>
    /// <param name="real">Of each class.</param>
    /// <param name="synthetic">Of each class.</param>
    /// <param name="augment">Whether images are moved at each draw.</param>
    /// <param name="seed">Decides everything.</param>
    public ClassifierTraining(ClassifierPlan plan, float[][][] real, float[][][] synthetic, bool augment, long seed)
    {
        (this.plan, this.augment, random) = (plan, augment, new SeededRandom(seed, stream: 51));
        BatchSampler? Sampler(float[][] images, int stream) => images.Length == 0 ? null : new BatchSampler(images.Length, seed, stream);
        classes = [.. real.Zip(synthetic).Select((c, i) => (c.First, Sampler(c.First, 60 + 2 * i), c.Second, Sampler(c.Second, 61 + 2 * i)))];
        using var scope = NewDisposeScope();
        network = new SmallClassifier(classes.Length, plan.Width);
        CycleGanNetworks.Place(network, CPU);
        network.Initialise(new SeededRandom(seed, stream: 50));
    }

    public void Learn(CancellationToken ct)
    {
        using var optimiser = optim.Adam(network.parameters(), plan.LearningRate);
        for (var step = 0; step < plan.Steps; step++)
        {
            ct.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (var group in optimiser.ParamGroups) group.LearningRate = plan.LearningRate * LearningRateSchedule.Factor((double)step / plan.Steps);
            var (images, labels) = Batch(step);
            var loss = nn.functional.cross_entropy(network.call(images), labels);
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
        }
    }

    /// <returns>The likeliest class of each image.</returns>
    public int[] Classify(IReadOnlyList<float[]> images)
    {
        using var inference = inference_mode();
        var found = new List<int>(images.Count);
        foreach (var chunk in images.Chunk(64))
        {
            using var scope = NewDisposeScope();
            found.AddRange(network.call(ImageBatches.Stack(chunk, plan.ImageSize, 1)).argmax(1).data<long>().ToArray().Select(c => (int)c));
        }
        return [.. found];
    }

    public void Dispose() => network.Dispose();

    // [N,1,H,W] and [N]; the classes take turns over all batches
    private (Tensor Images, Tensor Labels) Batch(int step)
    {
        var labels = Enumerable.Range(0, plan.BatchSize).Select(i => ((long)step * plan.BatchSize + i) % classes.Length).ToArray();
        var images = labels.Select(label =>
        {
            var image = Draw(label);
            if (!augment) return image;
            var moved = new float[image.Length];
            plan.Augmentation.Apply(image, moved, plan.ImageSize, random);
            return moved;
        }).ToArray();
        return (ImageBatches.Stack(images, plan.ImageSize, 1), tensor(labels, [labels.Length]));
    }

    private float[] Draw(long label)
    {
        var (real, nextReal, synthetic, nextSynthetic) = classes[label];
        if (nextSynthetic is not null && (nextReal is null || random.NextDouble() < plan.SyntheticShare)) return synthetic[nextSynthetic.Next(1)[0]];
        return real[nextReal!.Next(1)[0]];
    }
}
