using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MedGan.Storage.Pacs;

/// <summary>A picture archive that MedGan may fetch studies from and deliver synthetic series to, by DICOMweb.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Url">The root of its DICOMweb service, ended by a slash; "studies" is below it.</param>
/// <param name="User">The account for HTTP basic authentication; null: none.</param>
/// <param name="Password">The account's password.</param>
/// <param name="Token">A bearer token; null: none.</param>
/// <param name="Patience">How long it may take to begin an answer.</param>
/// <param name="Projects">The projects that may fetch from it and deliver to it; "*" is every one.</param>
/// <param name="DeliverReleased">The projects whose synthetic sets are delivered there as soon as they are released; "*" is every one.</param>
public sealed record PacsArchive(string Name, Uri Url, string? User, string? Password, string? Token, TimeSpan Patience, IReadOnlyList<string> Projects, IReadOnlyList<string> DeliverReleased)
{
    /// <summary>Whether the sets of a project are delivered by themselves.</summary>
    public bool Takes(string project) => Serves(project) && (DeliverReleased.Contains("*") || DeliverReleased.Contains(project));

    /// <summary>Whether a project may use it.</summary>
    public bool Serves(string project) => Projects.Contains("*") || Projects.Contains(project);

    /// <summary>Name and address, for messages; no secret is in it.</summary>
    public override string ToString() => $"{Name} at {Url}";
}

/// <summary>The picture archives. Section "MedGan:Pacs", a section for each by its name. Requests can name no other address.</summary>
public sealed class PacsOptions
{
    private const int UsualPatience = 60, LongestPatience = 3600;

    private readonly Dictionary<string, PacsArchive> _archives;

    private PacsOptions(IEnumerable<PacsArchive> archives) => _archives = archives.ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<PacsArchive> All => _archives.Values;

    /// <summary>The one of a name that a project may use; null: there is none.</summary>
    public PacsArchive? Find(string? name, string project) => name is not null && _archives.GetValueOrDefault(name) is { } archive && archive.Serves(project) ? archive : null;

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidSettingException">A value cannot be used.</exception>
    public static PacsOptions Read(IConfiguration section) => new(section.GetChildren().Select(Archive));

    private static PacsArchive Archive(IConfigurationSection section)
    {
        var (name, at) = (section.Key.ToLowerInvariant(), $"MedGan:Pacs:{section.Key}");
        if (!ResourceName.IsValid(name)) throw new InvalidSettingException($"{at} is no name for a PACS: it must be {ResourceName.Rule}.");
        var archive = new PacsArchive(
            name, Url(section, at), Text(section, "User"), Secret(section, at, "Password"), Text(section, "TokenFile") is { } file ? SecretFile.Read(file, $"{at}:TokenFile", "secret").Trim() : null, Patience(section, at),
            List(section["Projects"] is { Length: > 0 } projects ? projects : "*"), List(section["DeliverReleased"] ?? ""));
        if (archive.User is null != archive.Password is null) throw new InvalidSettingException($"{at}:User and {at}:Password (or PasswordFile) must be given together, or both left out.");
        if (archive is { User: not null, Token: not null }) throw new InvalidSettingException($"{at} has an account and a token; give one of them.");
        return archive;
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri Url(IConfigurationSection section, string at)
    {
        if (!Uri.TryCreate(Text(section, "Url")?.TrimEnd('/') + "/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0 || uri.Query.Length > 0)
            throw new InvalidSettingException($"{at}:Url must look like https://pacs.example.org/dicom-web, without credentials.");
        if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && section["AllowHttp"] is not ("true" or "True"))
            throw new InvalidSettingException($"{at}:Url is not https: images and credentials would cross the network in the clear. Use https, or set {at}:AllowHttp to true where the network is your own.");
        return uri;
    }

    private static TimeSpan Patience(IConfigurationSection section, string at)
    {
        if (Text(section, "TimeoutSeconds") is not { } text) return TimeSpan.FromSeconds(UsualPatience);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestPatience
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidSettingException($"{at}:TimeoutSeconds must be a number from 1 to {LongestPatience}.");
    }

    private static string? Secret(IConfigurationSection section, string at, string name) =>
        Text(section, name + "File") is { } file ? SecretFile.Read(file, $"{at}:{name}File", "secret").Trim() : Text(section, name);

    private static string? Text(IConfigurationSection section, string name) => section[name] is { Length: > 0 } text ? text.Trim() : null;
}
