using System.Globalization;
using System.Text;

namespace MedGan.Operation.Logs;

/// <summary>
/// A file for each day and process: PROCESS-yyyyMMdd.log, or PROCESS-yyyyMMdd.2.log where another process beside this one has the first.
/// A disk that is full takes nothing along: standard error still has the line.
/// </summary>
internal sealed class LogFile(string folder, string process) : IDisposable
{
    private const int MostBeside = 100;

    private FileStream? _place;
    private string _suffix = "";
    private StreamWriter? _file;
    private string? _day;

    public void WriteLine(DateTimeOffset at, string line)
    {
        var day = at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        try
        {
            if (day != _day) Open(day);
            _file?.WriteLine(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _day = null;
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _place?.Dispose();
        _place = null;
    }

    private void Open(string day)
    {
        Directory.CreateDirectory(folder);
        if (_place is null) TakePlace();
        _file?.Dispose();
        _file = new StreamWriter(Path.Combine(folder, $"{process}-{day}{_suffix}.log"), append: true, new UTF8Encoding(false)) { AutoFlush = true };
        _day = day;
    }

    /// <summary>The first place that no other process has. A lock beside the log, because a lock on the log itself would keep its readers out.</summary>
    private void TakePlace()
    {
        for (var place = 1; ; place++)
        {
            var path = Path.Combine(folder, $".{process}.{place}.lock");
            try
            {
                _place = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                _suffix = place == 1 ? "" : $".{place}";
                return;
            }
            catch (IOException) when (File.Exists(path) && place < MostBeside)
            {
                // another process has it
            }
        }
    }
}
