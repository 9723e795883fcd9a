namespace MedGan.Testing;

/// <summary>The read-only test data beside the repository: <c>../shared/data</c>, seen from the folder that holds MedGan.sln.</summary>
public static class SharedData
{
    /// <summary>Null where there is none.</summary>
    public static string? Root { get; } = Find();

    public static bool Exists => Root is not null;

    public static string WhyAbsent => "The folder ../shared/data is not beside this repository";

    /// <exception cref="InvalidOperationException">There is none; ask <see cref="Exists"/> first.</exception>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Root ?? throw new InvalidOperationException(WhyAbsent), .. parts]);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "MedGan.sln"))) continue;
            var data = System.IO.Path.Combine(folder.FullName, "..", "shared", "data");
            return Directory.Exists(data) ? System.IO.Path.GetFullPath(data) : null;
        }
        return null;
    }
}
