using MedGan.Dicom.Files;
using MedGan.Dicom.Files.Jpeg;
using MedGan.Dicom.Files.Nifti;

namespace MedGan.Jobs.Images.Folders;

/// <summary>What a file holds, by its first bytes.</summary>
internal enum FileKind
{
    Png,
    Jpeg,
    Nifti,
    Dicom,
    Other,
}

/// <summary>A file below a folder.</summary>
/// <param name="FullPath">To open it.</param>
/// <param name="Path">Below the folder, "/" between its parts.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record FolderFile(string FullPath, string Path, FileKind Kind)
{
    /// <summary>The folder it lies in, below the one that is read; "" for that one.</summary>
    public string Folder => Path.LastIndexOf('/') is var slash and >= 0 ? Path[..slash] : "";
}

/// <summary>The files of a folder and its sub-folders, hidden ones and the table of patients left out, in natural order.</summary>
internal static class FolderFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, MaxRecursionDepth = 16, AttributesToSkip = FileAttributes.None };

    public static IReadOnlyList<FolderFile> Of(string root, CancellationToken ct)
    {
        var files = new List<FolderFile>();
        foreach (var path in Directory.EnumerateFiles(root, "*", Everything))
        {
            ct.ThrowIfCancellationRequested();
            var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
            if (relative.Split('/').Any(part => part.StartsWith('.')) || relative == "patients.csv") continue;
            files.Add(new FolderFile(path, relative, KindOf(path)));
        }
        return [.. files.OrderBy(file => file.Path, NaturalOrder.Instance)];
    }

    /// <summary>A path without the ending that says what kind of image it is.</summary>
    public static string WithoutExtension(string path)
    {
        foreach (var ending in new[] { ".nii.gz", ".nii", ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".dcm", ".ima" })
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && path.Length > ending.Length)
                return path[..^ending.Length];
        return path;
    }

    private static FileKind KindOf(string path)
    {
        Span<byte> start = stackalloc byte[348];
        int length;
        try
        {
            using var stream = File.OpenRead(path);
            length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FileKind.Other;
        }
        ReadOnlySpan<byte> head = start[..length];
        if (head.StartsWith(PngReader.Signature)) return FileKind.Png;
        if (head.StartsWith(JpegReader.Signature)) return FileKind.Jpeg;
        if (head.Length >= 132 && head.Slice(128, 4).SequenceEqual("DICM"u8)) return FileKind.Dicom;
        if (NiftiReader.LooksLikeOne(head) && path.Contains(".nii", StringComparison.OrdinalIgnoreCase)) return FileKind.Nifti;
        return path.EndsWith(".dcm", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".ima", StringComparison.OrdinalIgnoreCase) ? FileKind.Dicom : ByName(path);
    }

    // A damaged file is said to be damaged, not to be no image.
    private static FileKind ByName(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => FileKind.Png,
        ".jpg" or ".jpeg" => FileKind.Jpeg,
        ".nii" => FileKind.Nifti,
        _ => path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase) ? FileKind.Nifti : FileKind.Other,
    };
}
