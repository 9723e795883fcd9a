using System.ComponentModel.DataAnnotations;

namespace MedGan.Api.Security;

/// <summary>Who signs the tokens: the local key file (the default), or an OpenID Connect provider. Section "MedGan:Auth".</summary>
public sealed class AuthOptions : IValidatableObject
{
    /// <summary>The issuer of locally signed tokens.</summary>
    public const string LocalIssuer = "medgan-local";

    /// <summary>Address of the OpenID Connect provider; empty: tokens are signed with the local key.</summary>
    public string? Authority { get; set; }

    /// <summary>The audience that every token must name.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Audience { get; set; } = "medgan";

    /// <summary>The claim that holds the roles.</summary>
    [Required(AllowEmptyStrings = false)]
    public string RoleClaim { get; set; } = "role";

    /// <summary>The claim that holds the projects; "*" is every project.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ProjectClaim { get; set; } = "project";

    /// <summary>How far the clocks of issuer and service may differ, in seconds, 0 to 300.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>The provider as an address, or null when tokens are signed locally.</summary>
    public Uri? AuthorityUri => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) ? uri : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Authority))
        {
            yield break;
        }
        if (AuthorityUri is not { } uri || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            yield return new ValidationResult(
                "MedGan:Auth:Authority must be an https address (http only on the loopback interface).", [nameof(Authority)]);
        }
    }
}
