using MedGan.Dicom.Files;

namespace MedGan.Jobs.Images.Folders;

/// <summary>
/// Whose a file is, where the file itself does not say. A table (patients.csv: a header with the columns file and patient; a file is named by its path below the
/// folder, with or without extension) has the last word, and a file that it does not name is not used. Without a table it is the file's name that says:
/// the shortest beginning that ends before a "_" or "-" and holds a digit ("case33_slice021" is of case33, "sub-01_T1w" of sub-01), else the whole name
/// ("ct1613" is a patient of its own, and so is "m3_(89)": a number in brackets is
/// what renaming a batch leaves behind, and says nothing of patients). A name without any digit ("ct", "t1") takes the nearest folder that has one, if there is one.
/// </summary>
internal sealed class PatientNames
{
    private readonly Dictionary<string, string>? table;
    private readonly HashSet<string> unused = [];

    private PatientNames(Dictionary<string, string>? table)
    {
        this.table = table;
        if (table is not null) unused.UnionWith(table.Keys);
    }

    /// <summary>Whether a table says it.</summary>
    public bool FromTable => table is not null;

    /// <summary>Files that the table names and nobody asked for.</summary>
    public IReadOnlyCollection<string> Unused => unused;

    /// <exception cref="ImageFolderException">The table is not one.</exception>
    public static PatientNames Of(string root, string? csv)
    {
        var path = csv ?? Path.Combine(root, "patients.csv");
        if (csv is null && !File.Exists(path)) return new PatientNames(null);
        if (!File.Exists(path)) throw new ImageFolderException($"There is no file {path}.");
        var rows = CsvFile.Read(File.ReadAllText(path)).ToList();
        int file = Column("file"), patient = Column("patient");
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < rows.Count; i++)
        {
            if (rows[i].Length <= Math.Max(file, patient) || rows[i][file].Length == 0 || rows[i][patient].Length == 0)
                throw new ImageFolderException($"{path}: row {i + 1} lacks a file or a patient.");
            if (!table.TryAdd(Key(rows[i][file]), rows[i][patient]))
                throw new ImageFolderException($"{path}: row {i + 1} names {rows[i][file]} a second time.");
        }
        return new PatientNames(table);

        int Column(string name)
        {
            var at = rows.Count == 0 ? -1 : Array.FindIndex(rows[0], cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase));
            return at >= 0 ? at : throw new ImageFolderException($"{path}: the first row must name the columns file and patient.");
        }
    }

    /// <summary>The patient of a file; null where the table does not name it.</summary>
    /// <param name="path">Below the folder, "/" between its parts.</param>
    public string? Of(string path)
    {
        if (table is null) return FromName(path);
        var key = Key(path);
        unused.Remove(key);
        return table.GetValueOrDefault(key);
    }

    private static string FromName(string path)
    {
        var parts = FolderFiles.WithoutExtension(path).Split('/');
        var name = parts[^1];
        if (!name.Any(char.IsAsciiDigit) || IsMrContrast(name))
            return parts[..^1].LastOrDefault(folder => folder.Any(char.IsAsciiDigit)) ?? name;
        for (var i = name.AsSpan().IndexOfAnyInRange('0', '9'); i < name.Length - 1; i++)
            if (name[i] is '_' or '-' && name[i + 1] != '(') return name[..i];
        return name;
    }

    private static bool IsMrContrast(string name) => name.ToLowerInvariant() is "t1" or "t2" or "t1w" or "t2w";

    private static string Key(string path) => FolderFiles.WithoutExtension(path.Replace('\\', '/'));
}
