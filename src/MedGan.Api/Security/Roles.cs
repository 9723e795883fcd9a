namespace MedGan.Api.Security;

/// <summary>The four roles a bearer token may carry, spelt as in its "role" claim.</summary>
public static class Roles
{
    /// <summary>Brings cohorts in.</summary>
    public const string Steward = "steward";

    /// <summary>Trains, generates and downloads what was released.</summary>
    public const string Researcher = "researcher";

    /// <summary>Reads reports, previews and the audit trail.</summary>
    public const string PrivacyOfficer = "privacy-officer";

    /// <summary>Looks after the service; sees states and the audit trail, no images.</summary>
    public const string Admin = "admin";

    /// <summary>Every role, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<string> All = [Steward, Researcher, PrivacyOfficer, Admin];
}
