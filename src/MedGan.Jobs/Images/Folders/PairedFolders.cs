namespace MedGan.Jobs.Images.Folders;

/// <summary>Two folders whose images belong together by name: registered CT and MR, real and generated.</summary>
/// <param name="A">The first folder.</param>
/// <param name="B">The second; its volumes are seen through the field of view of the first's.</param>
/// <param name="Pairs">In the first folder's order.</param>
/// <param name="WithoutPair">Names that only one of the folders has.</param>
public sealed record PairedFolders(ImageFolder A, ImageFolder B, IReadOnlyList<(FolderImage A, FolderImage B)> Pairs, IReadOnlyList<string> WithoutPair)
{
    /// <summary>Reads both folders.</summary>
    /// <exception cref="ImageFolderException">One of them cannot be used, or they have no name in common.</exception>
    public static PairedFolders Read(string a, string b, ImageFolderOptions optionsA, ImageFolderOptions optionsB, CancellationToken ct = default)
    {
        var first = ImageFolder.Read(a, optionsA, ct);
        var second = ImageFolder.Read(b, optionsB with { FramesOf = first }, ct);
        var names = second.Images.ToDictionary(image => image.Name, StringComparer.Ordinal);
        var pairs = first.Images.Where(image => names.ContainsKey(image.Name)).Select(image => (image, names[image.Name])).ToList();
        if (pairs.Count == 0)
            throw new ImageFolderException($"{a} and {b} have no name in common: {first.Images[0].Name} is in the first, {second.Images[0].Name} in the second.");
        var paired = pairs.Select(pair => pair.image.Name).ToHashSet(StringComparer.Ordinal);
        string[] alone = [.. first.Images.Concat(second.Images).Select(image => image.Name).Where(name => !paired.Contains(name))];
        return new PairedFolders(first, second, pairs, alone);
    }
}
