using System.ComponentModel.DataAnnotations;
using MedGan.Storage.Intake;

namespace MedGan.Api.Uploads;

/// <summary>How much one upload may bring. Section "MedGan:Limits".</summary>
public sealed class UploadLimits : IValidatableObject
{
    private const long MiB = 1024 * 1024;

    /// <summary>Bytes of one request, packed and unpacked; 1 to 64 GiB. Default 2 GiB.</summary>
    [Range(1, 65536 * MiB)]
    public long TotalBytes { get; set; } = 2048 * MiB;

    /// <summary>Bytes of one instance, held in memory while it is de-identified; 1 to 1 GiB. Default 256 MiB.</summary>
    [Range(1, 1024 * MiB)]
    public long PartBytes { get; set; } = StudyIntake.UsualInstanceBytes;

    /// <summary>Instances of one request, 1 to 1,000,000. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int Parts { get; set; } = StudyIntake.UsualInstances;

    /// <summary>How many times larger a zip entry may become when it is unpacked, 2 to 1100. Default 200.</summary>
    [Range(2, 1100)]
    public int ZipRatio { get; set; } = 200;

    /// <summary>Unpacked bytes of an entry from which on the ratio counts. Default 1 MiB.</summary>
    [Range(1024, 1024 * MiB)]
    public long ZipRatioFromBytes { get; set; } = MiB;

    /// <summary>Uploads handled at the same time; one more is told to come back. 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int ConcurrentUploads { get; set; } = 4;

    /// <summary>Of these, uploads of one project. 1 to 64, default 3.</summary>
    [Range(1, 64)]
    public int ConcurrentUploadsPerProject { get; set; } = 3;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PartBytes > TotalBytes)
        {
            yield return new ValidationResult("MedGan:Limits:PartBytes may not exceed MedGan:Limits:TotalBytes.", [nameof(PartBytes)]);
        }
    }
}
