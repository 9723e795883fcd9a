using System.Text;

namespace MedGan.Dicom.Files;

/// <summary>Reads comma-separated values (RFC 4180): cells may be quoted, a quote within is doubled. Cells are trimmed where they are not quoted; empty lines are none.</summary>
public static class CsvFile
{
    /// <summary>The rows of a text.</summary>
    public static IEnumerable<string[]> Read(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false, wasQuoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i < text.Length)
            {
                if (c != '"') cell.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; }
                else quoted = false;
            }
            else if (c == '"' && string.IsNullOrWhiteSpace(cell.ToString()))
                (quoted, wasQuoted, _) = (true, true, cell.Clear());
            else if (c is ',' or '\n')
            {
                cells.Add(wasQuoted ? cell.ToString() : cell.ToString().Trim(' ', '\t', '\r', '\uFEFF'));
                cell.Clear();
                wasQuoted = false;
                if (c == ',') continue;
                if (cells.Count > 1 || cells[0].Length > 0) yield return [.. cells];
                cells.Clear();
            }
            else if (!wasQuoted)
                cell.Append(c);
        }
    }
}
