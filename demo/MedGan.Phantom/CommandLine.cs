using System.Globalization;

namespace MedGan.Phantoms;

/// <summary>MedGan.Phantom --out DIR --ct N --mr N [--seed S] [--weighting t1|t2] [--truth]</summary>
internal static class CommandLine
{
    private const string Usage = "Use: MedGan.Phantom --out DIR --ct N --mr N [--seed S] [--weighting t1|t2] [--truth]";

    /// <summary>0: written. 2: wrong use, or the folder cannot be written; one sentence on <paramref name="error"/>.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        string? folder = null;
        int ct = 0, mr = 0, seed = 1;
        var truth = false;
        var weighting = PhantomModality.MrT1;
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var good = args[i] switch
            {
                "--help" or "-h" => false,
                "--truth" => truth = true,
                "--out" => (folder = value).Length > 0,
                "--ct" => Number(value, 0, 500, out ct),
                "--mr" => Number(value, 0, 500, out mr),
                "--seed" => Number(value, 0, 1_000_000, out seed),
                "--weighting" => value is "t1" or "t2",
                _ => false,
            };
            if (!good)
            {
                error.WriteLine(Usage);
                return args[i] is "--help" or "-h" ? 0 : 2;
            }
            if (args[i] == "--weighting" && value == "t2")
                weighting = PhantomModality.MrT2;
            if (args[i] != "--truth")
                i++;
        }
        if (folder is null || ct + mr == 0)
        {
            error.WriteLine(Usage);
            return 2;
        }
        try
        {
            new PhantomCohorts(ct, mr, seed, weighting).Write(folder, truth, output.WriteLine);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"The phantoms cannot be written to {folder}: {e.Message}");
            return 2;
        }
    }

    private static bool Number(string text, int low, int high, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= low && number <= high;
}
