using MedGan.Storage.Objects;
using MedGan.Storage.Objects.Stores;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Pacs;

/// <summary>
/// An informatics gateway that speaks the MONAI Deploy convention: payloads lie in a bucket, and messages on a topic exchange tell of them.
/// Section "MedGan:Monai".
/// </summary>
public sealed class GatewayOptions
{
    private GatewayOptions(string exchange, S3Settings bucket, IReadOnlyDictionary<string, (string, string)> workflows, IReadOnlyDictionary<string, string[]> exports, string topic) =>
        (Exchange, Bucket, Workflows, Exports, ExportTopic) = (exchange, bucket, workflows, exports, topic);

    /// <summary>The topic exchange.</summary>
    public string Exchange { get; }

    /// <summary>The gateway's bucket.</summary>
    internal S3Settings Bucket { get; }

    /// <summary>The bucket's name, which messages must give.</summary>
    public string BucketName => Bucket.Bucket;

    /// <summary>The project and cohort that a workflow's payloads go to.</summary>
    public IReadOnlyDictionary<string, (string Project, string Cohort)> Workflows { get; }

    /// <summary>The gateway's destinations that the released sets of a project are exported to.</summary>
    public IReadOnlyDictionary<string, string[]> Exports { get; }

    /// <summary>The routing key that the gateway's exporter listens to.</summary>
    public string ExportTopic { get; }

    /// <summary>Reads the section; null where it names no exchange.</summary>
    /// <exception cref="InvalidSettingException">A value cannot be used.</exception>
    public static GatewayOptions? Read(IConfiguration section)
    {
        if (section["Exchange"] is not { Length: > 0 } exchange) return null;
        var workflows = section.GetSection("Workflows").GetChildren().ToDictionary(w => w.Key, Target, StringComparer.OrdinalIgnoreCase);
        var exports = section.GetSection("Exports").GetChildren().ToDictionary(
            e => e.Key.ToLowerInvariant(), e => (e.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.Ordinal);
        return new GatewayOptions(exchange, ReadBucket(section), workflows, exports, section["ExportTopic"] is { Length: > 0 } topic ? topic : "md.export.request.monaiscu");
    }

    private static (string, string) Target(IConfigurationSection workflow) => workflow.Value?.Split('/') is [var project, var cohort] && ResourceName.IsValid(project) && ResourceName.IsValid(cohort)
        ? (project, cohort)
        : throw new InvalidSettingException($"MedGan:Monai:Workflows:{workflow.Key} must be PROJECT/COHORT; each is {ResourceName.Rule}.");

    private static S3Settings ReadBucket(IConfiguration section)
    {
        try
        {
            return S3Settings.Read(section.GetSection("Bucket")) ?? throw new InvalidSettingException("MedGan:Monai:Bucket:Bucket is missing: name the gateway's bucket.");
        }
        catch (InvalidSettingException e)
        {
            throw new InvalidSettingException(e.Message.Replace("MedGan:Objects", "MedGan:Monai:Bucket", StringComparison.Ordinal));
        }
    }
}

/// <summary>The gateway's bucket: originals in it are the gateway's, and nothing but released images is put there.</summary>
public sealed class GatewayBucket(GatewayOptions options, Scratch scratch) : IDisposable
{
    private readonly S3Objects _objects = new(options.Bucket);

    /// <summary>The DICOM files of a payload.</summary>
    /// <exception cref="ObjectStoreUnavailableException">The bucket cannot be reached.</exception>
    public async IAsyncEnumerable<string> FilesAsync(Guid payload, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var name in _objects.ListAsync($"{payload}/", ct))
        {
            if (name.EndsWith(".dcm", StringComparison.OrdinalIgnoreCase)) yield return name;
        }
    }

    /// <summary>Opens a file.</summary>
    public Task<Stream> OpenAsync(string name, CancellationToken ct) => _objects.OpenAsync(name, 0, ct);

    /// <summary>Puts a released image there, over whatever has the name.</summary>
    public async Task PutAsync(string name, Stream content, CancellationToken ct)
    {
        var file = scratch.NewFile();
        await using (var copy = File.Create(file)) await content.CopyToAsync(copy, ct);
        await _objects.RemoveAsync(name, ct);
        await _objects.PutAsync(name, file, ct);
    }

    /// <inheritdoc/>
    public void Dispose() => _objects.Dispose();
}
