namespace FellowOakDicom;

/// <summary>The embedded tab-separated tables of Tables/.</summary>
internal static class TableRows
{
    internal static IEnumerable<string[]> Read(string table)
    {
        using var reader = new StreamReader(typeof(TableRows).Assembly.GetManifestResourceStream(table));
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return line.Split('\t');
    }
}
