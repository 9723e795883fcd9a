namespace MedGan.Api.Tests.Fixtures;

/// <summary>The source tree around these tests: the folder that holds MedGan.sln.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MedGan.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new InvalidOperationException("These tests must run from a build inside the repository.");
    }
}
