namespace MedGan.Models.Metrics;

/// <summary>One image to be measured.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Pixels">Row after row; unit and range as the one who measures states them.</param>
/// <param name="PatientId">Whose it is, where that is known: the unit of resampling.</param>
/// <param name="Mask">Which pixels count in errors; null stands for all.</param>
public sealed record GreyImage(int Height, int Width, float[] Pixels, string? PatientId = null, bool[]? Mask = null)
{
    /// <exception cref="ArgumentException">The numbers of pixels contradict each other.</exception>
    internal void Check()
    {
        if (Height < 1 || Width < 1 || Pixels.Length != (long)Height * Width) throw new ArgumentException($"An image of {Height} x {Width} has {Pixels.Length} pixels.");
        if (Mask is not null && Mask.Length != Pixels.Length) throw new ArgumentException($"A mask of {Mask.Length} pixels does not fit an image of {Pixels.Length}.");
    }

    /// <summary>The same with values v -> (v - low) / (high - low) 2 - 1: [low, high] becomes [-1, 1].</summary>
    public GreyImage Scaled(double low, double high) => this with { Pixels = [.. Pixels.Select(v => (float)((v - low) / (high - low) * 2 - 1))] };
}
