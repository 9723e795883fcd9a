namespace MedGan.Api.Problems;

/// <summary>A request that cannot be served, with what to tell the client. Title and detail never repeat what was sent.</summary>
public sealed class RefusedException(int status, string title, string detail) : Exception(title)
{
    /// <summary>The HTTP status, 400 to 599.</summary>
    public int Status { get; } = status;

    /// <summary>One line: what was refused.</summary>
    public string Title { get; } = title;

    /// <summary>One or two sentences: why, and what would be accepted.</summary>
    public string Detail { get; } = detail;

    /// <summary>Seconds after which the client may come again; null: the usual ones, where the status has any.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Further members of the problem document.</summary>
    public IDictionary<string, object?> Extensions { get; } = new Dictionary<string, object?>();

    /// <summary>An id or name that this project does not have.</summary>
    public static RefusedException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "Not found", $"This project has no such {what}.");

    /// <summary>A request whose content is wrong.</summary>
    public static RefusedException BadRequest(string title, string detail) => new(StatusCodes.Status400BadRequest, title, detail);
}
