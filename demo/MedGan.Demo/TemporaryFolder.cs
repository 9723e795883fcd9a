namespace MedGan.Demo;

/// <summary>A folder that is gone when the work is done.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("medgan-demo-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
