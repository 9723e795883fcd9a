namespace MedGan.Privacy.Memorization;

/// <summary>The mirrored forms in which a training image could have been copied.</summary>
public enum Mirror
{
    /// <summary>As it is.</summary>
    None,
    /// <summary>Columns reversed.</summary>
    LeftRight,
    /// <summary>Rows reversed.</summary>
    UpDown,
    /// <summary>Turned by 180 degrees: both reversed.</summary>
    HalfTurn,
}

/// <summary>Mirrors square images stored row by row.</summary>
public static class Mirroring
{
    /// <summary>All forms, the identity first.</summary>
    public static readonly IReadOnlyList<Mirror> Forms = [Mirror.None, Mirror.LeftRight, Mirror.UpDown, Mirror.HalfTurn];

    /// <summary>A mirrored copy of a size x size image.</summary>
    public static float[] Apply(ReadOnlySpan<float> pixels, int size, Mirror mirror)
    {
        var result = new float[size * size];
        bool flipRows = mirror is Mirror.UpDown or Mirror.HalfTurn;
        bool flipColumns = mirror is Mirror.LeftRight or Mirror.HalfTurn;
        for (int row = 0; row < size; row++)
        {
            var target = result.AsSpan(row * size, size);
            pixels.Slice((flipRows ? size - 1 - row : row) * size, size).CopyTo(target);
            if (flipColumns) target.Reverse();
        }
        return result;
    }
}
