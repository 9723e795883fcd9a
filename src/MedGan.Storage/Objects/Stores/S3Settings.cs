using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Objects.Stores;

/// <summary>A bucket of an S3 server. Section "MedGan:Objects"; objects lie in the data folder where it is left out.</summary>
public sealed record S3Settings
{
    /// <summary>The server, as https://s3.example.org:9000; null for Amazon's own in <see cref="Region"/>.</summary>
    public string? ServiceUrl { get; init; }

    /// <summary>The bucket; it must exist.</summary>
    public required string Bucket { get; init; }

    /// <summary>What every object's name begins with: empty, or ended by a slash.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The region that requests are signed for; us-east-1 suits most servers.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>The access key; null: the SDK finds credentials (environment, profile, the machine's role).</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret that belongs to it.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Reads the section, or the short form: MedGan:Objects = https://server:port/bucket/prefix.</summary>
    /// <param name="section">"MedGan:Objects".</param>
    /// <returns>Null where neither is given.</returns>
    /// <exception cref="InvalidSettingException">With everything that is wrong.</exception>
    public static S3Settings? Read(IConfiguration section)
    {
        var errors = new List<string>();
        var (url, bucket, prefix) = Short((section as IConfigurationSection)?.Value, errors);
        url = Value(section, "ServiceUrl") ?? url;
        bucket = Value(section, "Bucket") ?? bucket;
        prefix = (Value(section, "Prefix") ?? prefix)?.Trim('/');
        var (access, secret) = (Value(section, "AccessKey"), Value(section, "SecretKey"));
        if (Value(section, "SecretKeyFile") is { } file) secret = ReadSecret(file, errors);
        if (url is null && bucket is null && errors.Count == 0)
        {
            if (section.GetChildren().Any(child => !string.IsNullOrEmpty(child.Value)))
                throw new InvalidSettingException("MedGan:Objects:Bucket is missing: name the bucket, or leave MedGan:Objects out to keep objects in the data folder.");
            return null;
        }
        if (url is not null && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0))
            errors.Add("MedGan:Objects:ServiceUrl must look like https://s3.example.org:9000, without a path and without credentials.");
        if (bucket is null || bucket.Length is < 3 or > 63 || !bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
            errors.Add("MedGan:Objects:Bucket must be 3 to 63 small letters, digits, dots and hyphens.");
        if (access is null != secret is null)
            errors.Add("MedGan:Objects:AccessKey and MedGan:Objects:SecretKey (or SecretKeyFile) must be given together, or both left out.");
        if (errors.Count > 0) throw new InvalidSettingException(string.Join(' ', errors));
        return new S3Settings
        {
            ServiceUrl = url,
            Bucket = bucket!,
            Prefix = string.IsNullOrEmpty(prefix) ? "" : prefix + "/",
            Region = Value(section, "Region") ?? "us-east-1",
            AccessKey = access,
            SecretKey = secret,
        };
    }

    /// <summary>Server and bucket, for messages: no secret is in it.</summary>
    public override string ToString() => $"{Bucket} at {ServiceUrl ?? "Amazon S3, " + Region}";

    private static (string? Url, string? Bucket, string? Prefix) Short(string? text, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return default;
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath.Trim('/') is { Length: > 0 } path)
        {
            var parts = path.Split('/', 2);
            return (uri.GetLeftPart(UriPartial.Authority), parts[0], parts.Length > 1 ? parts[1] : null);
        }
        errors.Add("MedGan:Objects must look like https://s3.example.org:9000/bucket, or be left out to keep objects in the data folder.");
        return default;
    }

    private static string? ReadSecret(string path, List<string> errors)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add("MedGan:Objects:SecretKeyFile names a file that cannot be read.");
            return "";
        }
    }

    private static string? Value(IConfiguration section, string name) => section[name] is { Length: > 0 } text ? text.Trim() : null;
}
