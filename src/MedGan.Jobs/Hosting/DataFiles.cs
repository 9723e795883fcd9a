using MedGan.Dicom.Volumes;
using MedGan.Storage.Objects;
using MedGan.Storage.Queue;

namespace MedGan.Jobs.Hosting;

/// <summary>What jobs store, by the paths that rows name it by; and, for what must be a file, this process's scratch.</summary>
internal sealed class DataFiles(ObjectIndex objects, Scratch scratch)
{
    /// <summary>The cohort encoder in a model folder.</summary>
    public const string EncoderFile = "encoder.safetensors";

    /// <summary>What a job leaves: previews, loss curves, sample sheets.</summary>
    public static string WorkFolder(Guid job) => $"work/{job:N}";

    /// <summary>The folder of a finished model.</summary>
    public static string ModelFolder(Guid training) => $"models/{training:N}";

    /// <summary>The download of a synthetic set.</summary>
    public static string Archive(Guid set) => $"archives/{set:N}.zip";

    /// <summary>The checkpoint of a training job, until it has ended well.</summary>
    public static string CheckpointFolder(Guid job) => $"{WorkFolder(job)}/checkpoint";

    /// <summary>The generated volumes of a generation job, until their set has come to an end.</summary>
    public static string QuarantineFolder(Guid generateJob) => $"{WorkFolder(generateJob)}/quarantine";

    /// <summary>What the gate drew of the closest pairs, in its job's folder; the API shows it to those who may see real images.</summary>
    public static string NearestPairs(Guid gateJob) => $"{WorkFolder(gateJob)}/nearest-pairs.png";

    /// <summary>Stores one file.</summary>
    public Task WriteAsync(JobLease lease, string path, Action<Stream> write, CancellationToken ct) => objects.WriteAsync(lease, path, write, ct);

    /// <summary>Stores files: all become visible at once, or none.</summary>
    public Task WriteAsync(JobLease lease, IReadOnlyCollection<(string Path, Action<Stream> Write)> files, CancellationToken ct) => objects.WriteAsync(lease, files, ct: ct);

    /// <summary>Stores one file, for a thread that holds tensors and waits.</summary>
    public void Write(JobLease lease, string path, Action<Stream> write, CancellationToken ct) => WriteAsync(lease, path, write, ct).GetAwaiter().GetResult();

    /// <summary>Opens what a row names.</summary>
    /// <exception cref="ObjectDamagedException">It is missing or was changed.</exception>
    public async Task<Stream> OpenAsync(string path, CancellationToken ct) => await objects.OpenAsync(path, ct) ?? throw new ObjectDamagedException(path);

    /// <summary>Opens what a row names; null where nothing is stored there.</summary>
    public Task<Stream?> TryOpenAsync(string path, CancellationToken ct) => objects.OpenAsync(path, ct);

    /// <summary>Reads the volume that a row names.</summary>
    public Volume ReadVolume(string path)
    {
        using var stream = OpenAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        return VolumeFile.Read(stream);
    }

    /// <summary>Reads where the voxels of the volume that a row names lie.</summary>
    public VolumeGeometry ReadGeometry(string path)
    {
        using var stream = OpenAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        return VolumeFile.ReadGeometry(stream);
    }

    /// <summary>An empty folder on this machine's disk, removed when it is disposed.</summary>
    public ScratchFolder NewFolder() => scratch.NewFolder();

    /// <summary>Copies a stored folder, or one file of it, to this machine's disk.</summary>
    /// <param name="path">The folder or the file.</param>
    /// <param name="target">An existing folder, which gets the files by their names below <paramref name="path"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task PullAsync(string path, string target, CancellationToken ct)
    {
        foreach (var found in await objects.ListAsync(path, ct))
        {
            var name = found == path ? path[(path.LastIndexOf('/') + 1)..] : found.StartsWith(path + "/", StringComparison.Ordinal) ? found[(path.Length + 1)..] : null;
            if (name is null) continue; // another folder whose name begins alike
            var file = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var source = await OpenAsync(found, ct);
            await using var copy = File.Create(file);
            await source.CopyToAsync(copy, ct);
        }
    }

    /// <summary>Stores a folder of this machine's disk in the place of what is stored there: whole, or not at all.</summary>
    /// <param name="lease">The job.</param>
    /// <param name="folder">The folder on disk.</param>
    /// <param name="path">Where its files go.</param>
    /// <param name="replaced">The stored folder that they replace; <paramref name="path"/> or one above it.</param>
    /// <param name="ct">Cancels before anything is visible.</param>
    public Task PushAsync(JobLease lease, string folder, string path, string replaced, CancellationToken ct) => objects.WriteAsync(
        lease,
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => ($"{path}/{Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')}", Copy(file)))],
        replaced + "/", ct);

    /// <summary>The paths in a stored folder, sorted.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken ct) => objects.ListAsync(folder + "/", ct);

    /// <summary>Removes a stored folder.</summary>
    public Task RemoveAsync(string folder, CancellationToken ct) => objects.RemoveAsync(folder + "/", ct);

    private static Action<Stream> Copy(string file) => stream =>
    {
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        source.CopyTo(stream, 1 << 16);
    };
}
