namespace MedGan.Storage;

/// <summary>A file that a setting names in the place of the secret itself.</summary>
public static class SecretFile
{
    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="setting">The setting that names it, for the message.</param>
    /// <param name="what">What it holds, for the message.</param>
    /// <exception cref="InvalidSettingException">It cannot be read.</exception>
    public static string Read(string path, string setting, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingException($"{setting} names {path}, which cannot be read: name a file that holds the {what}.");
        }
    }
}
