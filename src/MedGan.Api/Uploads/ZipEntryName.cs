namespace MedGan.Api.Uploads;

/// <summary>
/// Entry names are never used as paths, logged, stored or sent back; a name that tries to be a path out of the archive still
/// tells that the archive is not what it says, so the whole of it is refused.
/// </summary>
public static class ZipEntryName
{
    /// <summary>Why the name is refused, or null where it is harmless.</summary>
    public static string? WhyRefused(string name)
    {
        if (name.Length is 0 or > 1024)
        {
            return "is empty or longer than 1024 characters";
        }
        if (name.Any(char.IsControl))
        {
            return "holds control characters";
        }
        if (name[0] is '/' or '\\')
        {
            return "is an absolute path";
        }
        if (name.Length >= 2 && name[1] == ':' && char.IsAsciiLetter(name[0]))
        {
            return "names a drive";
        }
        return name.Split('/', '\\').Any(segment => segment.Trim() == "..") ? "leads out of the archive" : null;
    }
}
