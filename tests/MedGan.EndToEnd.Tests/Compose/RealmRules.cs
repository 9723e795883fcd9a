using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using MedGan.Api.Security;
using MedGan.Storage;
using Microsoft.Extensions.Configuration;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>Keycloak's realm gives tokens that the API understands: its roles, audience and claims; and holds no secret.</summary>
internal static class RealmRules
{
    public static IEnumerable<string> Problems(ComposeFolder folder)
    {
        var auth = SettingRules.Configuration(SettingRules.Settings(folder, "api")).GetSection("MedGan:Auth").Get<AuthOptions>() ?? new AuthOptions();
        var realm = JsonNode.Parse(File.ReadAllText(folder.In("keycloak/medgan-realm.json")))!.AsObject();
        return Place(folder, realm, auth).Concat(Roles(realm, auth.ProjectPrefix)).Concat(realm["clients"]!.AsArray().SelectMany(c => Client(folder, realm, c!.AsObject(), auth)));
    }

    private static IEnumerable<string> Place(ComposeFolder folder, JsonObject realm, AuthOptions auth)
    {
        var authority = auth.AuthorityUri;
        if (authority?.AbsolutePath != $"/realms/{realm["realm"]}") yield return $"the API trusts {authority}, not the realm {realm["realm"]}";
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(ComposeFolder.Secrets, "keycloak.crt"));
        if (authority is null || !certificate.MatchesHostname(authority.Host)) yield return "Keycloak's certificate is not for the host of the API's authority";
        if (folder.Environment("api").GetValueOrDefault("SSL_CERT_FILE") != folder.Environment("keycloak")["KC_HTTPS_CERTIFICATE_FILE"]) yield return "the API does not trust Keycloak's certificate";
        if (realm["sslRequired"]?.GetValue<string>() != "all") yield return "the realm answers without TLS";
    }

    private static IEnumerable<string> Roles(JsonObject realm, string prefix)
    {
        var roles = ComposeFolder.List(realm["roles"]!["realm"], "name");
        if (!roles.Order(StringComparer.Ordinal).SequenceEqual(Api.Security.Roles.All.Order(StringComparer.Ordinal))) yield return $"the realm's roles are {string.Join(", ", roles)}, the API's are {string.Join(", ", Api.Security.Roles.All)}";
        var projects = realm["groups"]!.AsArray().SelectMany(g => ComposeFolder.List(g!["subGroups"], "name").Select(name => $"/{g["name"]}/{name}")).ToList();
        foreach (var group in projects.Where(group => !group.StartsWith(prefix, StringComparison.Ordinal) || !ResourceName.IsValid(group[prefix.Length..]))) yield return $"the group {group} is no project";
        foreach (var user in realm["users"]!.AsArray())
        {
            foreach (var role in ComposeFolder.List(user!["realmRoles"]).Except(roles)) yield return $"{user["username"]} has the role {role}, which is not there";
            foreach (var group in ComposeFolder.List(user["groups"]).Except(projects)) yield return $"{user["username"]} is in the group {group}, which is not there";
            if (user["serviceAccountClientId"] is null) yield return $"{user["username"]} is a person, whom an operator must make";
        }
    }

    private static IEnumerable<string> Client(ComposeFolder folder, JsonObject realm, JsonObject client, AuthOptions auth)
    {
        var name = client["clientId"]!.GetValue<string>();
        if (Mapper(client, "oidc-audience-mapper")?["included.custom.audience"]?.GetValue<string>() != auth.Audience) yield return $"{name}: its tokens are not for the audience {auth.Audience}";
        if (Mapper(client, "oidc-usermodel-realm-role-mapper")?["claim.name"]?.GetValue<string>() != auth.RoleClaim) yield return $"{name}: its tokens have no claim {auth.RoleClaim} of roles";
        if (Mapper(client, "oidc-group-membership-mapper") is not { } groups || groups["claim.name"]?.GetValue<string>() != auth.ProjectClaim || groups["full.path"]?.GetValue<string>() != (auth.ProjectPrefix.Length > 0 ? "true" : "false"))
            yield return $"{name}: its tokens have no claim {auth.ProjectClaim} of group names";
        if (Mapper(client, "oidc-sub-mapper") is null) yield return $"{name}: its tokens have no subject";
        if (client["directAccessGrantsEnabled"]!.GetValue<bool>() || client["implicitFlowEnabled"]!.GetValue<bool>()) yield return $"{name}: it may take people's passwords";
        if (client["publicClient"]!.GetValue<bool>())
        {
            if (client["attributes"]!["pkce.code.challenge.method"]?.GetValue<string>() != "S256") yield return $"{name}: it works without PKCE";
            yield break;
        }
        var secret = ComposeFolder.Variable().Match(client["secret"]?.GetValue<string>() ?? "");
        if (!secret.Success || !ComposeFolder.List(folder.Yaml["services"]!["keycloak"]!["entrypoint"]).Any(line => line.Contains($"{secret.Groups[1].Value}=\"$$(</run/secrets/{name}-secret)\"", StringComparison.Ordinal)))
            yield return $"{name}: its secret is not the file {name}-secret";
        if (!realm["users"]!.AsArray().Any(u => u!["serviceAccountClientId"]?.GetValue<string>() == name && u["username"]!.GetValue<string>() == "service-account-" + name)) yield return $"{name}: it has no service account";
    }

    private static JsonObject? Mapper(JsonObject client, string kind)
    {
        var config = client["protocolMappers"]!.AsArray().SingleOrDefault(m => m!["protocolMapper"]!.GetValue<string>() == kind)?["config"]?.AsObject();
        return config?["access.token.claim"]?.GetValue<string>() == "true" ? config : null;
    }
}
