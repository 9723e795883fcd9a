namespace MedGan.Models.Training;

/// <summary>
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded through SplitMix64.
/// Its whole state is four words, so a checkpoint can hold it, and it gives the same numbers on every machine and device.
/// </summary>
public sealed class SeededRandom
{
    private readonly ulong[] state = new ulong[4];

    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">Independent sequences of one seed: sampling, augmentation, initialisation, ...</param>
    public SeededRandom(long seed, int stream = 0)
    {
        var word = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + (ulong)stream * 0xD1B54A32D192ED03UL);
        for (var i = 0; i < state.Length; i++) state[i] = SplitMix(ref word);
    }

    /// <summary>The generator's whole state: four words.</summary>
    public ulong[] State
    {
        get => [.. state];
        set
        {
            if (value.Length != 4 || value.All(w => w == 0)) throw new ArgumentException("A generator's state is four words, not all zero.", nameof(value));
            value.CopyTo(state, 0);
        }
    }

    public ulong NextWord()
    {
        var result = ulong.RotateLeft(state[1] * 5, 7) * 9;
        var shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = ulong.RotateLeft(state[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextWord() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Uniform in 0 .. count - 1 (Lemire's multiply-shift; the bias is below count / 2^64).</summary>
    public int Next(int count) => (int)Math.BigMul(NextWord(), (ulong)count, out _);

    /// <summary>Standard normal (Box and Muller 1958); the second value is dropped so that the state stays four words.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Standard normal values, both of each pair of Box and Muller's; an odd last one as <see cref="NextNormal"/>.</summary>
    public void FillNormal(Span<float> values)
    {
        var i = 0;
        for (; i + 1 < values.Length; i += 2)
        {
            var word = NextWord();
            // 40 bits decide how far from 0, 24 bits the angle
            var length = MathF.Sqrt(-2 * MathF.Log((float)(((word >> 24) + 1) * (1.0 / (1UL << 40)))));
            var (sin, cos) = MathF.SinCos((word & 0xFFFFFF) * (2 * MathF.PI / (1 << 24)));
            (values[i], values[i + 1]) = (length * cos, length * sin);
        }
        if (i < values.Length) values[i] = (float)NextNormal();
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong word)
    {
        word += 0x9E3779B97F4A7C15UL;
        var z = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
