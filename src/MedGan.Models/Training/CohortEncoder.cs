using MedGan.Models.Checkpoints;
using MedGan.Models.Losses;
using MedGan.Models.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Training;

/// <summary>
/// A self-supervised embedding of a cohort's images (Dar et al., 2402.01054, section 2.2): altered views of one image are pulled together,
/// different images pushed apart. A copy, mirrored or noisy, lies near its source; another patient's image does not.
/// Trained on the cohort itself, on the CPU; not for use from several threads.
/// </summary>
public sealed class CohortEncoder : IDisposable
{
    private const int PairsPerStep = 32;
    private const double Temperature = 0.07; // 2007.15651
    private const double LearningRate = 1e-3;
    private const string SizeName = "input_size";

    private readonly EncoderNetwork network;

    private CohortEncoder(int size)
    {
        Size = size;
        network = new EncoderNetwork();
        CycleGanNetworks.Place(network, CPU);
    }

    /// <summary>Pixels per side of the images.</summary>
    public int Size { get; }

    /// <summary>Its maps say what the cohort's images look like; owned here.</summary>
    internal EncoderNetwork Network => network;

    /// <summary>The same images, seed and number of steps give the same encoder, to the bit. 1000 steps at 64 x 64 take about 25 s on two cores.</summary>
    /// <param name="images">At least 2, of the patients trained on.</param>
    /// <param name="size">Pixels per side, at least 32.</param>
    /// <param name="seed">Decides weights, order and views.</param>
    /// <param name="steps">Steps of 32 pairs, or of as many as there are images.</param>
    /// <param name="ct">Stops between two steps.</param>
    public static CohortEncoder Train(IReadOnlyList<TrainingImage> images, int size, long seed, int steps, CancellationToken ct)
    {
        if (images.Count < 2) throw new ArgumentException("An encoder needs at least two images.", nameof(images));
        if (size < 32) throw new ArgumentOutOfRangeException(nameof(size), size, "An encoder needs images of at least 32 x 32 pixels.");
        foreach (var image in images) CheckSize(image.Pixels, size);
        Compute.Prepare("cpu", threads: 0);
        using var scope = NewDisposeScope();
        var encoder = new CohortEncoder(size);
        try
        {
            encoder.Learn(images, seed, steps, ct);
            CycleGanNetworks.SetTrainable(false, encoder.network);
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <param name="images">Size * Size values each, in [-1, 1].</param>
    /// <returns>One unit vector of 64 values for each.</returns>
    public float[][] Embed(IReadOnlyList<float[]> images)
    {
        var vectors = new List<float[]>(images.Count);
        using var inference = inference_mode();
        foreach (var chunk in images.Chunk(64))
        {
            using var scope = NewDisposeScope();
            foreach (var image in chunk) CheckSize(image, Size);
            var input = tensor(chunk.SelectMany(p => p).ToArray(), [chunk.Length, 1, Size, Size]);
            vectors.AddRange(network.call(input).data<float>().ToArray().Chunk(EncoderNetwork.Dimensions));
        }
        return [.. vectors];
    }

    /// <summary>One safetensors file.</summary>
    public void Save(string path)
    {
        using var scope = NewDisposeScope();
        SafeTensors.Write(path, new Dictionary<string, Tensor>(CycleGanNetworks.Weights([("encoder", network)])) { [SizeName] = tensor(new long[] { Size }, [1]) });
    }

    /// <exception cref="InvalidDataException">Not an encoder's file.</exception>
    public static CohortEncoder Load(string path)
    {
        using var scope = NewDisposeScope();
        var weights = SafeTensors.Read(path);
        if (!weights.Remove(SizeName, out var size) || size.dtype != ScalarType.Int64 || size.numel() != 1) throw new InvalidDataException("Not an encoder: it does not say its input size.");
        var encoder = new CohortEncoder(checked((int)size.ToInt64()));
        try
        {
            TrainingCheckpoint.Copy(weights, CycleGanNetworks.Weights([("encoder", encoder.network)]));
            CycleGanNetworks.SetTrainable(false, encoder.network);
            return encoder;
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    public void Dispose() => network.Dispose();

    private void Learn(IReadOnlyList<TrainingImage> images, long seed, int steps, CancellationToken ct)
    {
        Initialisation.HeNormal(network, new SeededRandom(seed, stream: 30));
        using var optimiser = optim.Adam(network.parameters(), LearningRate);
        var sampler = new BatchSampler(images.Count, seed, stream: 31);
        var random = new SeededRandom(seed, stream: 32);
        var pairs = Math.Min(PairsPerStep, images.Count);
        for (var step = 0; step < steps; step++)
        {
            ct.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foreach (var group in optimiser.ParamGroups) group.LearningRate = LearningRate * LearningRateSchedule.Factor((double)step / steps);
            var embedded = network.call(Views(images, sampler.Next(pairs), random)); // [2N,64]
            var loss = InfoNceLoss.Of(embedded.narrow(0, 0, pairs), embedded.narrow(0, pairs, pairs), Temperature);
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
        }
    }

    // the first views of all drawn images, then their second views: [2N,1,H,W]
    private Tensor Views(IReadOnlyList<TrainingImage> images, int[] drawn, SeededRandom random)
    {
        var area = Size * Size;
        var views = new float[2 * drawn.Length * area];
        for (var i = 0; i < 2 * drawn.Length; i++)
            ContrastiveViews.Draw(images[drawn[i % drawn.Length]].Pixels, views.AsSpan(i * area, area), Size, random);
        return tensor(views, [2 * drawn.Length, 1, Size, Size]);
    }

    private static void CheckSize(float[] pixels, int size)
    {
        if (pixels.Length != size * size) throw new ArgumentException($"An image has {pixels.Length} pixels; the encoder works on {size} x {size}.");
    }
}
