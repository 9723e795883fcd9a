using System.Diagnostics;
using System.Globalization;

namespace MedGan.Demo.Service;

/// <summary>One line of progress on standard error: redrawn on a terminal, otherwise repeated now and then.</summary>
internal sealed class ProgressBar(string title) : IDisposable
{
    private const int Width = 28;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown = TimeSpan.MinValue;
    private bool _finished;

    /// <param name="progress">From 0 to 1.</param>
    /// <param name="message">What is being done, in a few words.</param>
    public void Report(double progress, string? message)
    {
        if (_finished || (!_terminal && _shown >= TimeSpan.Zero && _clock.Elapsed - _shown < Quiet)) return;
        _shown = _clock.Elapsed;
        Write(progress, message ?? "");
        if (!_terminal) Console.Error.WriteLine();
    }

    public void Finish(string message)
    {
        if (_finished) return;
        Write(1, message);
        Console.Error.WriteLine();
        _finished = true;
    }

    private void Write(double progress, string message)
    {
        var filled = (int)Math.Round(Math.Clamp(progress, 0, 1) * Width);
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{title,-22} [{new string('#', filled)}{new string('.', Width - filled)}] {progress * 100,3:0} %  {_clock.Elapsed.TotalSeconds,4:0} s  {message}");
        Console.Error.Write(_terminal ? $"\r\u001b[K{line}" : line);
    }

    public void Dispose()
    {
        if (!_finished && _terminal) Console.Error.WriteLine();
    }
}
