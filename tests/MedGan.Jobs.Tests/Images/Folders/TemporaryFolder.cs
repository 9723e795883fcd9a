using MedGan.Dicom.Rendering;

namespace MedGan.Jobs.Tests.Images.Folders;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medgan-images-").FullName;

    public string File(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>A 16-bit picture of one value.</summary>
    public void Png16(string name, int width, int height, ushort value) => Png16(name, width, height, (_, _) => value);

    public void Png16(string name, int width, int height, Func<int, int, ushort> value)
    {
        using var stream = System.IO.File.Create(File(name));
        PngFile.Gray16(stream, width, height, [.. Enumerable.Range(0, width * height).Select(i => value(i / width, i % width))]);
    }

    public void Png8(string name, int width, int height, byte value)
    {
        using var stream = System.IO.File.Create(File(name));
        PngFile.Gray8(stream, width, height, Enumerable.Repeat(value, width * height).ToArray());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
