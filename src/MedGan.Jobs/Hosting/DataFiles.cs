using MedGan.Dicom.Volumes;
using MedGan.Storage;

namespace MedGan.Jobs.Hosting;

/// <summary>The data folder's files as the rows name them: relative, with forward slashes.</summary>
internal sealed class DataFiles(StorageOptions options)
{
    /// <summary>The folder of a finished model.</summary>
    public string ModelFolder(Guid training) => Path.Combine(options.DataFolder, "models", training.ToString("N"));

    /// <summary>The download of a synthetic set.</summary>
    public string Archive(Guid set) => Path.Combine(options.DataFolder, "archives", $"{set:N}.zip");

    /// <summary>The cohort encoder in a model folder.</summary>
    public const string EncoderFile = "encoder.safetensors";

    /// <summary>The checkpoints of a training job.</summary>
    public string CheckpointFolder(Guid job) => Path.Combine(options.WorkFolder(job), "checkpoint");

    /// <summary>The generated volumes of a generation job, until their set has come to an end.</summary>
    public string QuarantineFolder(Guid generateJob) => Path.Combine(options.WorkFolder(generateJob), "quarantine");

    /// <summary>What the gate drew of the closest pairs, in its job's folder; the API shows it to those who may see real images.</summary>
    public string NearestPairs(Guid gateJob) => Path.Combine(options.WorkFolder(gateJob), "nearest-pairs.png");

    /// <summary>Moves a finished folder to its place, over whatever an interrupted run left there.</summary>
    public void Publish(string finished, string place)
    {
        if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Directory.Move(finished, place);
    }

    /// <summary>The working folder of a job.</summary>
    public string WorkFolder(Guid job) => options.WorkFolder(job);

    /// <summary>As a row keeps it.</summary>
    public string Relative(string path) => Path.GetRelativePath(options.DataFolder, path).Replace('\\', '/');

    /// <summary>Where a row's path leads.</summary>
    public string Full(string relative) => Path.Combine(options.DataFolder, relative);

    /// <summary>Reads the volume that a row names.</summary>
    public Volume ReadVolume(string relative)
    {
        using var stream = File.OpenRead(Full(relative));
        return VolumeFile.Read(stream);
    }
}
