using System.Security.Claims;
using System.Text.Json;

namespace MedGan.Api.Security;

/// <summary>
/// Translates what a provider's token says into what MedGan knows: a subject, roles and projects. Nothing else of the token goes on,
/// so a claim that happens to be named like one of ours counts for nothing unless the settings say so.
/// </summary>
public sealed class TokenClaims(AuthOptions options)
{
    /// <summary>The claims of the principal that the service works with.</summary>
    public const string Subject = "sub", Role = "role", Project = "project";

    private const string Service = "service:", Person = "subject:";

    // OpenID Connect Core 1.0 sections 2 and 3.3.2.11, Back-Channel Logout 1.0 section 2.4: no access token has these.
    private static readonly string[] OfOtherTokens = ["nonce", "at_hash", "c_hash", "s_hash", "events"];

    private static readonly string[] ClientClaims = ["azp", "client_id"];

    /// <summary>The principal of a validated token.</summary>
    public ClaimsPrincipal Translate(ClaimsPrincipal token)
    {
        var identity = new ClaimsIdentity("Bearer", Subject, Role);
        if (ActorOf(token) is { } actor) identity.AddClaim(new Claim(Subject, actor));
        var given = Values(token, options.RoleClaim).ToHashSet(StringComparer.Ordinal);
        identity.AddClaims(Security.Roles.All.Where(role => options.NamesOf(role).Any(given.Contains)).Select(role => new Claim(Role, role)));
        identity.AddClaims(Values(token, options.ProjectClaim).Select(Unprefixed).OfType<string>().Distinct(StringComparer.Ordinal).Select(project => new Claim(Project, project)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>
    /// Why the token is no access token; null: it is one. An ID token says who somebody is to a client, and is not for an API
    /// (OpenID Connect Core 1.0 section 2; RFC 9068 section 2.1 for the type in the header).
    /// </summary>
    public static string? WhyNoAccessToken(ClaimsPrincipal token, string? type)
    {
        if (!string.IsNullOrEmpty(type) && !type.Equals("JWT", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("at+jwt", StringComparison.OrdinalIgnoreCase)) return $"its type is {type}";
        if (OfOtherTokens.Any(name => token.FindFirst(name) is not null)) return "it is an ID token or tells of a logout";
        return token.FindFirstValue("typ") is { } kind && !kind.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? "it is no bearer token" : null;
    }

    /// <summary>
    /// A person's subject, or "service:CLIENT" where a client acts for itself (client credentials, RFC 9068 section 2.2). Keycloak gives such an account a
    /// subject of its own; where only its name tells, which a person might choose too, the subject stays: "service:CLIENT (SUBJECT)". A person's
    /// subject that itself looks like a service's is marked.
    /// </summary>
    private static string? ActorOf(ClaimsPrincipal token)
    {
        var subject = token.FindFirstValue(Subject);
        var client = ClientClaims.Select(token.FindFirstValue).FirstOrDefault(c => !string.IsNullOrEmpty(c));
        var isNamedSo = client is not null && token.FindFirstValue("preferred_username") == $"service-account-{client}";
        if (client is not null && (string.IsNullOrEmpty(subject) || subject == client || (isNamedSo && token.FindFirst("client_id") is not null))) return Service + client;
        if (isNamedSo) return $"{Service}{client} ({subject})";
        if (string.IsNullOrEmpty(subject)) return null;
        return subject.StartsWith(Service, StringComparison.Ordinal) || subject.StartsWith(Person, StringComparison.Ordinal) ? Person + subject : subject;
    }

    private string? Unprefixed(string value) =>
        options.ProjectPrefix.Length == 0 ? value : value.StartsWith(options.ProjectPrefix, StringComparison.Ordinal) ? value[options.ProjectPrefix.Length..] : null;

    /// <summary>The values of a claim, or of what a path with dots leads to in a claim that is a JSON object.</summary>
    private static IEnumerable<string> Values(ClaimsPrincipal token, string path)
    {
        var whole = token.FindAll(path).ToList();
        if (whole.Count > 0) return whole.SelectMany(c => Split(c.Value));
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? [] : token.FindAll(path[..dot]).SelectMany(c => Below(c.Value, path[(dot + 1)..].Split('.')));
    }

    private static IEnumerable<string> Below(string json, string[] path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var at = document.RootElement;
            foreach (var name in path)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return [];
            }
            return at.ValueKind switch
            {
                JsonValueKind.String => [at.GetString()!],
                JsonValueKind.Array => [.. at.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)],
                _ => [],
            };
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>A claim that is an array comes as one claim for each value, or as JSON.</summary>
    private static IEnumerable<string> Split(string value) => value.StartsWith('[') ? Below($"{{\"v\":{value}}}", ["v"]) : [value];
}
