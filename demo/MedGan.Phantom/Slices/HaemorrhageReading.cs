namespace MedGan.Phantoms;

/// <summary>
/// Finds fresh blood in a CT slice of the head by its density alone, with no knowledge of what was planted, so that it reads real and generated slices alike. Bone is above 95 HU; the brain is what has
/// bone on all four sides and none next to it; blood is where the mean of the brain's pixels in a 3 x 3 window is above 47 HU; the largest connected
/// region is the lesion, if it has at least 57 mm^2.
/// </summary>
public static class HaemorrhageReading
{
    private const float BoneHu = 95, BloodHu = 47;
    private const double SmallestAreaMm2 = 57;

    /// <param name="hounsfield">HU, rows of a square slice.</param>
    /// <param name="size">Pixels per side.</param>
    /// <param name="spacingMm">Of a square pixel.</param>
    /// <returns>Null where there is none.</returns>
    public static LesionOutline? Find(ReadOnlySpan<float> hounsfield, int size, double spacingMm)
    {
        if (hounsfield.Length != size * size) throw new ArgumentException($"{hounsfield.Length} values do not make a slice of {size} x {size}.", nameof(hounsfield));
        var bone = new bool[hounsfield.Length];
        for (var i = 0; i < bone.Length; i++) bone[i] = hounsfield[i] > BoneHu;
        var blood = Dense(hounsfield, Brain(bone, size), size);
        var largest = new List<int>();
        for (var i = 0; i < blood.Length; i++)
            if (blood[i] && Region(blood, i, size) is var region && region.Count > largest.Count) largest = region;
        if (largest.Count * spacingMm * spacingMm < SmallestAreaMm2) return null;
        var share = new float[hounsfield.Length];
        foreach (var i in largest) share[i] = 1;
        return LesionOutline.Of(share, size, spacingMm);
    }

    private static bool[] Brain(bool[] bone, int size)
    {
        var sides = new int[bone.Length]; // on how many there is bone
        for (var line = 0; line < size; line++)
            for (var side = 0; side < 4; side++)
            {
                var seen = false;
                for (var step = 0; step < size; step++)
                {
                    var along = side % 2 == 0 ? step : size - 1 - step;
                    var i = side < 2 ? line * size + along : along * size + line;
                    if (seen) sides[i]++;
                    seen |= bone[i];
                }
            }
        var brain = new bool[bone.Length];
        for (var row = 1; row < size - 1; row++)
            for (var column = 1; column < size - 1; column++)
            {
                var i = row * size + column;
                brain[i] = sides[i] == 4 && !bone[i] && !bone[i - 1] && !bone[i + 1] && !bone[i - size] && !bone[i + size];
            }
        return brain;
    }

    private static bool[] Dense(ReadOnlySpan<float> hounsfield, bool[] brain, int size)
    {
        var dense = new bool[brain.Length];
        for (var i = 0; i < brain.Length; i++)
        {
            if (!brain[i]) continue; // never at the image's edge
            var (sum, count) = (0f, 0);
            for (var row = -size; row <= size; row += size)
                for (var column = -1; column <= 1; column++)
                    if (brain[i + row + column]) (sum, count) = (sum + hounsfield[i + row + column], count + 1);
            dense[i] = sum > BloodHu * count;
        }
        return dense;
    }

    // takes a connected region out
    private static List<int> Region(bool[] from, int start, int size)
    {
        var region = new List<int> { start };
        from[start] = false;
        for (var at = 0; at < region.Count; at++)
            foreach (var next in (ReadOnlySpan<int>)[region[at] - 1, region[at] + 1, region[at] - size, region[at] + size])
                if (from[next])
                {
                    from[next] = false;
                    region.Add(next);
                }
        return region;
    }
}
