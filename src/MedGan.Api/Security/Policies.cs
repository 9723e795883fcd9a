using Microsoft.AspNetCore.Authorization;

namespace MedGan.Api.Security;

/// <summary>One policy per thing a route lets a caller do. Every policy also asks for the project of the route.</summary>
public static class Policies
{
    /// <summary>Store instances in a cohort.</summary>
    public const string StoreInstances = "store-instances";

    /// <summary>See which cohorts and series there are.</summary>
    public const string ReadCohorts = "read-cohorts";

    /// <summary>Look at a de-identified image that was uploaded.</summary>
    public const string SeePreviews = "see-previews";

    /// <summary>Start a training.</summary>
    public const string StartTraining = "start-training";

    /// <summary>Follow a training: state, card, samples, losses.</summary>
    public const string ReadTrainings = "read-trainings";

    /// <summary>Start a generation.</summary>
    public const string StartGeneration = "start-generation";

    /// <summary>Follow a generation.</summary>
    public const string ReadGenerations = "read-generations";

    /// <summary>Read what the privacy gate measured.</summary>
    public const string ReadPrivacyReport = "read-privacy-report";

    /// <summary>Query and fetch released data.</summary>
    public const string DownloadReleased = "download-released";

    /// <summary>Send a released set to a picture archive.</summary>
    public const string DeliverReleased = "deliver-released";

    /// <summary>Follow jobs.</summary>
    public const string ReadJobs = "read-jobs";

    /// <summary>Stop a job.</summary>
    public const string CancelJobs = "cancel-jobs";

    /// <summary>Export the audit trail.</summary>
    public const string ExportAudit = "export-audit";

    private static readonly string[] Readers = [Roles.Steward, Roles.Researcher, Roles.PrivacyOfficer];

    /// <summary>The roles that each policy lets through.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> RolesOf = new Dictionary<string, string[]>
    {
        [StoreInstances] = [Roles.Steward],
        [ReadCohorts] = [.. Roles.All],
        [SeePreviews] = [Roles.Steward, Roles.PrivacyOfficer],
        [StartTraining] = [Roles.Researcher],
        [ReadTrainings] = Readers,
        [StartGeneration] = [Roles.Researcher],
        [ReadGenerations] = Readers,
        [ReadPrivacyReport] = Readers,
        [DownloadReleased] = Readers,
        [DeliverReleased] = [Roles.Steward, Roles.Researcher],
        [ReadJobs] = [.. Roles.All],
        [CancelJobs] = [Roles.Steward, Roles.Researcher, Roles.Admin],
        [ExportAudit] = [Roles.PrivacyOfficer, Roles.Admin],
    };

    /// <summary>Registers every policy; a route that names none is closed to everybody without a token.</summary>
    public static void AddTo(AuthorizationOptions options)
    {
        foreach (var (name, roles) in RolesOf)
        {
            options.AddPolicy(name, policy => policy
                .RequireAuthenticatedUser()
                .RequireRole(roles)
                .AddRequirements(new ProjectRequirement()));
        }
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
    }
}
