using System.Globalization;

namespace MedGan.Demo;

/// <summary>What `./medgan demo` was asked for.</summary>
/// <param name="Url">Base address of the running service.</param>
/// <param name="CtFolder">Folder of real CT DICOM, or null for the phantom.</param>
/// <param name="MrFolder">Folder of real MR DICOM, or null for the phantom.</param>
/// <param name="Minutes">Training budget in minutes.</param>
/// <param name="Size">In-plane training size in pixels, or null for the plan's default.</param>
/// <param name="Out">Folder that receives the results.</param>
/// <param name="Json">Print the result as one JSON object.</param>
internal sealed record DemoOptions(Uri Url, string? CtFolder, string? MrFolder, double Minutes, int? Size, string Out, bool Json)
{
    /// <exception cref="DemoException">An option is unknown, lacks its value, or has an impossible one.</exception>
    public static DemoOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>();
        var json = false;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json") { json = true; continue; }
            if (args[i] is not ("--url" or "--ct" or "--mr" or "--minutes" or "--size" or "--out"))
                throw DemoException.WrongUse($"the demo has no option '{args[i]}'");
            if (i + 1 == args.Length) throw DemoException.WrongUse($"{args[i]} wants a value");
            values[args[i]] = args[++i];
        }
        string? ct = values.GetValueOrDefault("--ct"), mr = values.GetValueOrDefault("--mr");
        if ((ct is null) != (mr is null)) throw DemoException.WrongUse("--ct and --mr go together: give both folders, or neither for the phantom");
        foreach (var folder in new[] { ct, mr })
            if (folder is not null && !Directory.Exists(folder)) throw DemoException.WrongUse($"there is no folder {folder}");
        var minutes = Number(values, "--minutes", 3, 0.05, 24 * 60);
        int? size = values.ContainsKey("--size") ? (int)Number(values, "--size", 0, 32, 512) : null;
        if (size % 4 > 0) throw DemoException.WrongUse("--size wants a multiple of 4");
        return new(new Uri(values.GetValueOrDefault("--url", "http://127.0.0.1:8480")), ct, mr, minutes, size, values.GetValueOrDefault("--out", "demo-out"), json);
    }

    private static double Number(Dictionary<string, string> values, string name, double fallback, double least, double most)
    {
        if (!values.TryGetValue(name, out var text)) return fallback;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        throw DemoException.WrongUse($"{name} wants a number from {least} to {most}, not '{text}'");
    }
}
