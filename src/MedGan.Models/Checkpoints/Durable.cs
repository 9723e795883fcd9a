using System.Runtime.InteropServices;

namespace MedGan.Models.Checkpoints;

/// <summary>What has been written outlives a power cut.</summary>
internal static partial class Durable
{
    private const int ReadOnly = 0, CloseOnExec = 0x80000; // Linux

    /// <summary>Waits until a file's content - or a folder's: which names are in it - is on disk.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void Flush(string path)
    {
        var descriptor = open(path, ReadOnly | CloseOnExec);
        if (descriptor < 0) throw Failure(path);
        try
        {
            if (fsync(descriptor) != 0) throw Failure(path);
        }
        finally
        {
            close(descriptor);
        }
    }

    private static IOException Failure(string path) => new($"{path} cannot be flushed to disk: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)] private static partial int open(string path, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsync(int descriptor);
    [LibraryImport("libc")] private static partial int close(int descriptor);
}
