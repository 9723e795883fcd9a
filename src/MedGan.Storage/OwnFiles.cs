using System.Runtime.InteropServices;

namespace MedGan.Storage;

/// <summary>Folders and files that only the service's own account may read.</summary>
internal static class OwnFiles
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = (UnixFileMode)0b111_111; // read, write and enter of group and others
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Folder);
    }

    /// <summary>
    /// Closes a folder that is there already to everybody but its owner. One that is shared by design (sticky, as /tmp) or belongs to
    /// another account, as a mounted volume may, stays as it is.
    /// </summary>
    public static void CloseFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = System.IO.File.GetUnixFileMode(path);
        if ((mode & Others) == 0 || mode.HasFlag(UnixFileMode.StickyBit)) return;
        try
        {
            System.IO.File.SetUnixFileMode(path, mode & ~Others);
        }
        catch (UnauthorizedAccessException)
        {
            // Only its owner can close it.
        }
    }

    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = File;
        return new FileStream(path, options);
    }

    /// <summary>Gives a file its name unless the name is taken; of two processes at once, exactly one gets true.</summary>
    /// <remarks>File.Move looks first and renames then, so both could win.</remarks>
    public static bool TryPublish(string temporary, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                System.IO.File.Move(temporary, path, overwrite: false);
                return true;
            }
            catch (IOException) when (System.IO.File.Exists(path))
            {
                return false;
            }
        }
        if (Link(temporary, path) == 0) return true;
        return Marshal.GetLastPInvokeError() == NameTaken
            ? false
            : throw new IOException($"{path} could not be made: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private const int NameTaken = 17; // EEXIST

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
