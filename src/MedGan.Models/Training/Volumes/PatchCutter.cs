namespace MedGan.Models.Training.Volumes;

/// <summary>Finds and cuts patches of volumes of square slices.</summary>
/// <param name="imageSize">Rows and columns of a slice.</param>
/// <param name="patchSize">Rows and columns of a patch.</param>
/// <param name="random">Decides the places.</param>
internal sealed class PatchCutter(int imageSize, int patchSize, SeededRandom random)
{
    private const int Tries = 8;
    private const float LeastRange = 0.1f;

    /// <summary>A place that is not empty, where one is found soon; its patch is in the span.</summary>
    /// <param name="volume">[slice, row, column].</param>
    /// <param name="depth">Slices of the patch.</param>
    /// <param name="patch">depth * patchSize * patchSize values.</param>
    public (int Slice, int Row, int Column) Place(float[] volume, int depth, Span<float> patch)
    {
        var (slices, place) = (volume.Length / (imageSize * imageSize), (Slice: 0, Row: 0, Column: 0));
        for (var i = 0; i < Tries; i++)
        {
            place = (random.Next(slices - depth + 1), random.Next(imageSize - patchSize + 1), random.Next(imageSize - patchSize + 1));
            Cut(volume, place, depth, patch);
            var (low, high) = (float.MaxValue, float.MinValue);
            foreach (var value in patch) (low, high) = (Math.Min(low, value), Math.Max(high, value));
            if (high - low >= LeastRange) break;
        }
        return place;
    }

    /// <summary>The patch that begins at a place.</summary>
    public void Cut(float[] volume, (int Slice, int Row, int Column) place, int depth, Span<float> patch)
    {
        for (var slice = 0; slice < depth; slice++)
            for (var row = 0; row < patchSize; row++)
                volume.AsSpan(((place.Slice + slice) * imageSize + place.Row + row) * imageSize + place.Column, patchSize).CopyTo(patch[((slice * patchSize + row) * patchSize)..]);
    }
}
