using System.ComponentModel.DataAnnotations;

namespace MedGan.Api.Security;

/// <summary>Who signs the tokens: the local key file (the default), or an OpenID Connect provider. Section "MedGan:Auth".</summary>
public sealed class AuthOptions : IValidatableObject
{
    /// <summary>The issuer of locally signed tokens.</summary>
    public const string LocalIssuer = "medgan-local";

    /// <summary>Address of the OpenID Connect provider; empty: tokens are signed with the local key.</summary>
    public string? Authority { get; set; }

    /// <summary>Whether the provider may be asked over plain HTTP on another machine: only on a network that nobody else can write to.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>The audience that every token must name.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Audience { get; set; } = "medgan";

    /// <summary>The claim that holds the roles; with dots, a path into one that is a JSON object, as realm_access.roles.</summary>
    [Required(AllowEmptyStrings = false)]
    public string RoleClaim { get; set; } = "role";

    /// <summary>What the provider calls our roles, separated by commas; a role that is left out goes by its own name.</summary>
    public Dictionary<string, string> Roles { get; set; } = [];

    /// <summary>The claim that holds the projects, or a path as for <see cref="RoleClaim"/>; "*" is every project.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ProjectClaim { get; set; } = "project";

    /// <summary>What the value of a project begins with, as /medgan/projects/; values that do not are no projects. Empty: values are the names themselves.</summary>
    public string ProjectPrefix { get; set; } = "";

    /// <summary>How often the provider's keys are read again, in seconds, 300 to 86400: a key that it withdraws is refused after that time at the latest.</summary>
    [Range(300, 86400)]
    public int KeysRefreshSeconds { get; set; } = 300;

    /// <summary>How far the clocks of issuer and service may differ, in seconds, 0 to 300.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>The names that a role goes by in a token.</summary>
    public IReadOnlyList<string> NamesOf(string role) =>
        Roles.TryGetValue(role, out var names) ? names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [role];

    /// <summary>The provider as an address, or null when tokens are signed locally.</summary>
    public Uri? AuthorityUri => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) ? uri : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var role in Roles.Keys.Where(role => !Security.Roles.All.Contains(role)))
        {
            yield return new ValidationResult($"MedGan:Auth:Roles:{role} names no role: there is {string.Join(", ", Security.Roles.All)}.", [nameof(Roles)]);
        }
        if (string.IsNullOrEmpty(Authority))
        {
            yield break;
        }
        if (AuthorityUri is not { } uri || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (uri.IsLoopback || AllowHttp))))
        {
            yield return new ValidationResult(
                "MedGan:Auth:Authority must be an https address (http only on the loopback interface, or where MedGan:Auth:AllowHttp is true).", [nameof(Authority)]);
        }
    }
}
