using MedGan.Privacy.Memorization;

namespace MedGan.Privacy.ReleaseGate;

/// <summary>All views of the training images, ready to be searched.</summary>
internal sealed class Detectors
{
    private const int Chunk = 64;
    private readonly int size;
    private readonly EmbedImages embed;
    private readonly TrainingBank[] banks;

    public Detectors(int size, IReadOnlyList<GateImage> training, EmbedImages embed, CancellationToken ct)
    {
        this.size = size;
        this.embed = embed;
        var views = new float[training.Count][][];
        Parallel.For(0, training.Count, new ParallelOptions { CancellationToken = ct }, i => views[i] = ImageScales.Of(training[i].Pixels, size));
        var embeddings = new List<float[]>(training.Count);
        foreach (var chunk in training.Chunk(4 * Chunk))
        {
            ct.ThrowIfCancellationRequested();
            embeddings.AddRange(Embed([.. chunk.Select(image => image.Pixels)]));
        }
        banks = [.. Enumerable.Range(0, ImageScales.Names.Count).Select(view => new TrainingBank([.. views.Select(v => v[view])])), new TrainingBank(embeddings)];
    }

    /// <summary>Names of the views, in the order of the scores.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ImageScales.Names, "embedding"];

    /// <summary>The closest training image per view, for each image. <paramref name="done"/> is told of every chunk's length.</summary>
    public NearestMatch[][] Search(IReadOnlyList<float[]> images, Action<int> done, CancellationToken ct)
    {
        var result = new NearestMatch[images.Count][];
        for (int start = 0; start < images.Count; start += Chunk)
        {
            int count = Math.Min(Chunk, images.Count - start);
            var forms = new float[count][][];
            for (int i = 0; i < count; i++)
                forms[i] = [.. Mirroring.Forms.Select(form => Mirroring.Apply(images[start + i], size, form))];
            float[][] embeddings = Embed([.. forms.SelectMany(f => f)]);
            int first = start;
            Parallel.For(0, count, new ParallelOptions { CancellationToken = ct }, i =>
            {
                float[][][] views = [.. forms[i].Select(form => ImageScales.Of(form, size))];
                result[first + i] = [.. banks.Select((bank, view) =>
                    bank.Nearest(view < ImageScales.Names.Count ? [.. views.Select(v => v[view])] : embeddings[(4 * i)..(4 * i + 4)]))];
            });
            done(count);
        }
        return result;
    }

    private float[][] Embed(IReadOnlyList<float[]> images)
    {
        float[][] vectors = embed(images);
        if (vectors is null || vectors.Length != images.Count || vectors.Any(v => v is null || v.Length < 2 || v.Any(x => !float.IsFinite(x))))
            throw new InvalidDataException("The embedding did not give one finite vector per image.");
        return vectors;
    }
}
