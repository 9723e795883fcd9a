namespace MedGan.Models.Sampling;

/// <summary>Ways between two points of a latent space; t = 0 is the first, 1 the second.</summary>
public static class LatentPath
{
    /// <summary>The straight way, (1 - t) a + t b: right for styles, whose space has no shape of its own.</summary>
    /// <exception cref="ArgumentException">The points have different dimensions.</exception>
    public static float[] Lerp(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double t) => Mix(a, b, 1 - t, t);

    /// <summary>
    /// The way along the arc (Shoemake 1985; White, 1609.04468, section 2.1), (sin((1 - t) o) a + sin(t o) b) / sin o, o the angle between them: right for normal latents, which nearly
    /// all lie on a sphere. Of parallel points it is the straight way.
    /// </summary>
    /// <exception cref="ArgumentException">The points have different dimensions, or lie opposite each other, where there are many such ways.</exception>
    public static float[] Slerp(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double t)
    {
        double dot = 0, ofA = 0, ofB = 0;
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            dot += (double)a[i] * b[i];
            ofA += (double)a[i] * a[i];
            ofB += (double)b[i] * b[i];
        }
        var cosine = Math.Clamp(dot / Math.Sqrt(ofA * ofB), -1, 1);
        if (cosine < -1 + 1e-9) throw new ArgumentException("Points that lie opposite each other have no one arc between them.");
        var angle = Math.Acos(cosine);
        return angle < 1e-6 ? Lerp(a, b, t) : Mix(a, b, Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle));
    }

    private static float[] Mix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, double ofA, double ofB)
    {
        if (a.Length != b.Length) throw new ArgumentException($"Points of {a.Length} and {b.Length} dimensions have no way between them.");
        var result = new float[a.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)(ofA * a[i] + ofB * b[i]);
        return result;
    }
}
