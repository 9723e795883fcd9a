using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Storage;
using Microsoft.IdentityModel.Tokens;

namespace MedGan.Api.CommandLine;

/// <summary>"token": signs a bearer token with the local key of a data folder.</summary>
internal static class TokenVerb
{
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var arguments = new Arguments(args, "--data", "--role", "--project", "--hours", "--subject");
        var settings = ServiceSettings.Read(ServeVerb.Configuration());
        var data = arguments.Last("--data") ?? settings.Data.Folder ?? throw new WrongUseException("token wants --data DIR, the data folder of the service.");
        var role = arguments.Last("--role");
        if (role is null || !Roles.All.Contains(role))
        {
            throw new WrongUseException($"token wants --role with one of {string.Join(", ", Roles.All)}.");
        }
        var projects = arguments.All("--project");
        if (projects.Count == 0 || projects.Any(p => p != ProjectAccess.EveryProject && !ResourceName.IsValid(p)))
        {
            throw new WrongUseException($"token wants --project with a project name ({ResourceName.Rule}), or '*' for every project.");
        }
        if (settings.Auth.AuthorityUri is { } authority)
        {
            throw new WrongUseException($"This service takes its tokens from {authority}: ask there for one.");
        }
        var hours = arguments.Number("--hours", otherwise: 12, least: 1, most: 24 * 366);
        var storage = new StorageOptions { DataFolder = Path.GetFullPath(data) };
        if (!Path.Exists(TokenKey.PathIn(storage)))
        {
            // A key made here would sign tokens for a service that does not exist.
            throw new CannotStartException($"The folder {storage.DataFolder} holds no service whose keys this user may read: start it first with ./medgan serve, or name its folder with --data.");
        }
        SymmetricSecurityKey key;
        try
        {
            key = TokenKey.Read(storage);
        }
        catch (Exception e) when (Failure.WhyNotStarted(e, data, port: 0) is { } sentence)
        {
            throw new CannotStartException(sentence, e);
        }
        var issuer = new TokenIssuer(key, settings.Auth, TimeProvider.System);
        await output.WriteLineAsync(issuer.Issue(arguments.Last("--subject") ?? $"local-{role}", role, projects, TimeSpan.FromHours(hours)));
        return 0;
    }
}
