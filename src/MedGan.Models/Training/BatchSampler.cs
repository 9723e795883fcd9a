namespace MedGan.Models.Training;

/// <summary>
/// Draws indices without replacement, reshuffling whenever all have been drawn. Its position, order and generator can be saved,
/// so that a restored run draws exactly what the undisturbed one would have drawn.
/// </summary>
public sealed class BatchSampler
{
    private readonly SeededRandom random;
    private readonly int[] order;
    private int position;

    public BatchSampler(int count, long seed, int stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        random = new SeededRandom(seed, stream);
        order = [.. Enumerable.Range(0, count)];
        position = count;
    }

    public int[] Next(int batchSize)
    {
        var batch = new int[batchSize];
        for (var i = 0; i < batchSize; i++)
        {
            if (position == order.Length)
            {
                random.Shuffle(order.AsSpan());
                position = 0;
            }
            batch[i] = order[position++];
        }
        return batch;
    }

    public SamplerState State
    {
        get => new(random.State, [.. order], position);
        set
        {
            if (value.Order.Length != order.Length || !value.Order.Order().SequenceEqual(Enumerable.Range(0, order.Length)) || value.Position < 0 || value.Position > order.Length)
                throw new ArgumentException("The sampler's state belongs to another number of images.", nameof(value));
            random.State = value.Random;
            value.Order.CopyTo(order, 0);
            position = value.Position;
        }
    }
}

/// <param name="Random">The generator's four words.</param>
/// <param name="Order">The current epoch's permutation.</param>
/// <param name="Position">How many of it were drawn.</param>
public sealed record SamplerState(ulong[] Random, int[] Order, int Position);
