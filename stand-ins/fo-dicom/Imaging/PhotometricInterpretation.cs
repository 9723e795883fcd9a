namespace FellowOakDicom.Imaging;

/// <summary>What the samples of a pixel mean (PS3.3 section C.7.6.3.1.2).</summary>
public class PhotometricInterpretation
{
    private static readonly Dictionary<string, PhotometricInterpretation> Known = new(StringComparer.Ordinal);

    private PhotometricInterpretation(string value, string description, bool isColor, bool isPalette = false, bool isYbr = false)
    {
        (Value, Description, IsColor, IsPalette, IsYBR) = (value, description, isColor, isPalette, isYbr);
        Known[value] = this;
    }

    public static readonly PhotometricInterpretation Monochrome1 = new("MONOCHROME1", "Monochrome 1", false);
    public static readonly PhotometricInterpretation Monochrome2 = new("MONOCHROME2", "Monochrome 2", false);
    public static readonly PhotometricInterpretation PaletteColor = new("PALETTE COLOR", "Palette Color", true, isPalette: true);
    public static readonly PhotometricInterpretation Rgb = new("RGB", "RGB", true);
    public static readonly PhotometricInterpretation YbrFull = new("YBR_FULL", "YBR Full", true, isYbr: true);
    public static readonly PhotometricInterpretation YbrFull422 = new("YBR_FULL_422", "YBR Full 4:2:2", true, isYbr: true);
    public static readonly PhotometricInterpretation YbrPartial422 = new("YBR_PARTIAL_422", "YBR Partial 4:2:2", true, isYbr: true);
    public static readonly PhotometricInterpretation YbrPartial420 = new("YBR_PARTIAL_420", "YBR Partial 4:2:0", true, isYbr: true);
    public static readonly PhotometricInterpretation YbrIct = new("YBR_ICT", "YBR Irreversible Color Transformation (JPEG 2000)", true, isYbr: true);
    public static readonly PhotometricInterpretation YbrRct = new("YBR_RCT", "YBR Reversible Color Transformation (JPEG 2000)", true, isYbr: true);

    public string Value { get; }
    public string Description { get; }
    public bool IsColor { get; }
    public bool IsPalette { get; }
    public bool IsYBR { get; }

    /// <exception cref="DicomImagingException">No such interpretation.</exception>
    public static PhotometricInterpretation Parse(string photometricInterpretation) =>
        Known.TryGetValue(photometricInterpretation.Trim(), out var known) ? known
        : throw new DicomImagingException("Unknown Photometric Interpretation");

    public static bool operator ==(PhotometricInterpretation a, PhotometricInterpretation b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(PhotometricInterpretation a, PhotometricInterpretation b) => !(a == b);
    public override bool Equals(object obj) => obj is PhotometricInterpretation other && Value == other.Value;
    public override int GetHashCode() => Value.GetHashCode();
    public override string ToString() => Description;
}

/// <summary>Pixel Representation (0028,0103).</summary>
public enum PixelRepresentation
{
    Unsigned = 0,
    Signed = 1,
}

/// <summary>Planar Configuration (0028,0006).</summary>
public enum PlanarConfiguration
{
    /// <summary>Colour by pixel.</summary>
    Interleaved = 0,

    /// <summary>Colour by plane.</summary>
    Planar = 1,
}

/// <summary>Pixel data cannot be handled.</summary>
public class DicomImagingException : DicomException
{
    public DicomImagingException(string message) : base(message) { }
    public DicomImagingException(string message, Exception innerException) : base(message, innerException) { }
}
