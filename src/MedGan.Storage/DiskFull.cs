namespace MedGan.Storage;

/// <summary>The disk that holds the data folder has no room left.</summary>
public sealed class StorageFullException(Exception inner) : IOException(DiskFull.Sentence, inner);

internal static class DiskFull
{
    public const string Sentence = "The disk that holds the data folder is full; free some space and try again.";
    public const int SqliteFull = 13; // SQLITE_FULL

    private const int NoSpace = 28; // ENOSPC
    private const int Quota = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070); // ERROR_DISK_FULL

    public static bool Is(IOException e) => e is StorageFullException || e.HResult is NoSpace or Quota or WindowsDiskFull;
}
