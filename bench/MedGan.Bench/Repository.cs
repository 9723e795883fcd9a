namespace MedGan.Bench;

internal static class Repository
{
    /// <summary>The folder that holds MedGan.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "MedGan.sln"))) return folder.FullName;
        throw new BenchException("MedGan.sln is in no folder above the benchmark's");
    }
}
