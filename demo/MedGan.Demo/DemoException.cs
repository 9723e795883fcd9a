namespace MedGan.Demo;

/// <summary>Ends the demo with one plain sentence and an exit code: 1 a result that falls short, 2 wrong use or a service that refuses.</summary>
internal sealed class DemoException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static DemoException WrongUse(string message) => new(message, 2);
    public static DemoException FallsShort(string message) => new(message, 1);
}
