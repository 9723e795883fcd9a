namespace MedGan.Api.Logging;

/// <summary>The life of the process.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "MedGan {Version} listens at {Url}")]
    public static partial void Listening(ILogger logger, string version, string url);
}
