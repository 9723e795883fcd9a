using MedGan.Storage;
using Microsoft.Extensions.Configuration;

namespace MedGan.Jobs.Messages;

/// <summary>The broker, and what it may ask for. Section "MedGan:Bus".</summary>
public sealed class BusOptions
{
    /// <summary>The broker's name or address; null: messages stay in this process, and nobody outside hears of them.</summary>
    public string? Host { get; init; }

    /// <summary>Its port, 1 to 65535.</summary>
    public ushort Port { get; init; } = 5672;

    /// <summary>Its virtual host.</summary>
    public string VirtualHost { get; init; } = "/";

    /// <summary>The account.</summary>
    public string User { get; init; } = "";

    /// <summary>The account's password; MedGan:Bus:PasswordFile names a mounted secret instead.</summary>
    public string Password { get; init; } = "";

    /// <summary>Whether the connection is encrypted and the broker's certificate checked.</summary>
    public bool UseTls { get; init; }

    /// <summary>The projects that commands of the bus may name; "*" is every one. The broker cannot tell who sent a command, so without this none is carried out.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Whether a command may name a project.</summary>
    public bool Serves(string project) => Projects.Contains("*") || Projects.Contains(project);

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidSettingException">A value cannot be used.</exception>
    public static BusOptions Read(IConfiguration section)
    {
        var port = section["Port"] ?? "5672";
        return new BusOptions
        {
            Host = section["Host"] is { Length: > 0 } host ? host : null,
            Port = ushort.TryParse(port, out var number) && number > 0 ? number : throw new InvalidSettingException("MedGan:Bus:Port must be a number from 1 to 65535."),
            VirtualHost = section["VirtualHost"] ?? "/",
            User = section["User"] ?? "",
            Password = section["PasswordFile"] is { Length: > 0 } file ? SecretFile.Read(file, "MedGan:Bus:PasswordFile", "password").TrimEnd('\r', '\n') : section["Password"] ?? "",
            UseTls = bool.TryParse(section["UseTls"] ?? "false", out var tls) ? tls : throw new InvalidSettingException("MedGan:Bus:UseTls must be true or false."),
            Projects = (section["Projects"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
    }
}
