using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// Batches of labelled images. Each place in a batch draws its class first, with a probability proportional to n^(1 - balance) for a class of n images - balance 0 is how often it occurs,
/// 1 gives the rarest as many places as the most frequent -, then the class's next image in its own shuffled order.
/// </summary>
internal sealed class ClassBatches
{
    private readonly IReadOnlyList<ClassImage> images;
    private readonly int[][] ofClass; // indices of each class's images
    private readonly BatchSampler[] samplers;
    private readonly double[] upTo; // cumulated probabilities
    private readonly SeededRandom random;
    private readonly int channels, size;

    /// <param name="images">Training images.</param>
    /// <param name="plan">Classes, sizes, balance, seed.</param>
    /// <exception cref="ArgumentException">A class has no image, an image is of another class or size.</exception>
    public ClassBatches(IReadOnlyList<ClassImage> images, ClassConditionalPlan plan)
    {
        this.images = images;
        (channels, size) = (plan.Channels, plan.ImageSize);
        foreach (var image in images)
        {
            if (!plan.Classes.Contains(image.Class)) throw new ArgumentException($"An image is of class {image.Class}; the plan's classes are {string.Join(", ", plan.Classes)}.", nameof(images));
            if (image.Pixels.Length != channels * size * size)
                throw new ArgumentException($"An image of class {image.Class} has {image.Pixels.Length} values; the plan needs {channels} x {size} x {size}.", nameof(images));
        }
        ofClass = [.. plan.Classes.Select(name => images.Index().Where(i => i.Item.Class == name).Select(i => i.Index).ToArray())];
        foreach (var (name, indices) in plan.Classes.Zip(ofClass))
            if (indices.Length == 0) throw new ArgumentException($"There is no training image of class {name}.", nameof(images));
        samplers = [.. ofClass.Select((indices, c) => new BatchSampler(indices.Length, plan.Seed, stream: 100 + c))];
        random = new SeededRandom(plan.Seed, stream: 99);
        Probabilities = Balanced([.. ofClass.Select(indices => indices.Length)], plan.ClassBalance);
        var sum = 0.0;
        upTo = [.. Probabilities.Select(p => sum += p)];
    }

    /// <summary>Of each class to be drawn.</summary>
    public double[] Probabilities { get; }

    /// <returns>x, [N,C,H,W] in [-1, 1], and y, [N] of int64.</returns>
    public (Tensor Images, Tensor Classes) Next(int batchSize, Device device)
    {
        var (values, labels) = (new float[batchSize * channels * size * size], new long[batchSize]);
        for (var i = 0; i < batchSize; i++)
        {
            labels[i] = DrawClass(random);
            images[ofClass[labels[i]][samplers[labels[i]].Next(1)[0]]].Pixels.CopyTo(values, i * channels * size * size);
        }
        return (tensor(values, [batchSize, channels, size, size], device: device), tensor(labels, [batchSize], device: device));
    }

    /// <summary>A class as often as it is in batches.</summary>
    public int DrawClass(SeededRandom from)
    {
        var at = Array.BinarySearch(upTo, from.NextDouble());
        return Math.Min(at < 0 ? ~at : at + 1, upTo.Length - 1);
    }

    public JsonObject State
    {
        get => new() { ["random"] = JsonSerializer.SerializeToNode(random.State), ["samplers"] = JsonSerializer.SerializeToNode(samplers.Select(s => s.State)) };
        set
        {
            random.State = value["random"].Deserialize<ulong[]>()!;
            foreach (var (sampler, state) in samplers.Zip(value["samplers"].Deserialize<SamplerState[]>()!)) sampler.State = state;
        }
    }

    /// <summary>SHA-256 over patients, classes and pixels, in order.</summary>
    public string Fingerprint() => TrainingImages.Fingerprint(images.Select(i => ($"{i.PatientId}\n{i.Class}", new[] { i.Pixels })));

    private static double[] Balanced(int[] counts, double balance)
    {
        var weights = counts.Select(n => Math.Pow(n, 1 - balance)).ToArray();
        return [.. weights.Select(w => w / weights.Sum())];
    }
}
