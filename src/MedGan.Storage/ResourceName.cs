using System.Text.RegularExpressions;

namespace MedGan.Storage;

/// <summary>Names of projects, cohorts and archives: they become claims, addresses and parts of paths, so little is allowed.</summary>
public static partial class ResourceName
{
    /// <summary>What a name may look like, in words.</summary>
    public const string Rule = "1 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen";

    /// <summary>Whether the text is a name.</summary>
    public static bool IsValid(string? text) => text is not null && Pattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z")]
    private static partial Regex Pattern();
}
