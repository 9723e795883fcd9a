using MedGan.Dicom.Files;
using MedGan.Dicom.Files.Jpeg;
using MedGan.Dicom.Volumes;

namespace MedGan.Jobs.Images.Folders;

/// <summary>A PNG or JPEG file in its square, in grey levels.</summary>
/// <param name="Raster">What the file says of itself; its values are no longer there.</param>
/// <param name="Square">Size x size grey levels.</param>
/// <param name="Brightest">The greatest value of the file.</param>
internal sealed record FolderPicture(GrayRaster Raster, float[] Square, float Brightest)
{
    private const long MaxBytes = 1L << 28;

    /// <exception cref="ImageFileException">The file is damaged, or not read.</exception>
    public static FolderPicture Read(FolderFile file, int size)
    {
        if (new FileInfo(file.FullPath).Length > MaxBytes)
            throw new ImageFileException($"The file is larger than {MaxBytes >> 20} MiB.");
        var bytes = File.ReadAllBytes(file.FullPath);
        var raster = file.Kind == FileKind.Png ? PngReader.Read(bytes) : JpegReader.Read(bytes);
        var square = new SquareGrid(raster.Width, raster.Height, size).ToSquare(raster.Values, outside: 0);
        return new FolderPicture(raster with { Values = [] }, square, raster.Values.Max());
    }

    /// <summary>The white of all pictures of a folder that leave theirs open: the least number of bits, 8 at least, that holds every value.</summary>
    public static float White16(IEnumerable<FolderPicture> pictures)
    {
        var brightest = pictures.Where(p => !p.Raster.WhiteIsStated).Select(p => p.Brightest).DefaultIfEmpty(0).Max();
        var bits = 8;
        while (bits < 16 && (1 << bits) - 1 < brightest) bits++;
        return (1 << bits) - 1;
    }

    /// <summary>The number at the end of a name, which counts the pictures of a patient; 0 without one.</summary>
    public static int SliceNumber(string name)
    {
        var end = name.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        var start = end;
        while (start > 0 && char.IsAsciiDigit(name[start - 1])) start--;
        return end - start is > 0 and <= 9 ? int.Parse(name.AsSpan(start, end - start), System.Globalization.CultureInfo.InvariantCulture) : 0;
    }
}
