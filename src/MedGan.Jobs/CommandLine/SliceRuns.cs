using MedGan.Jobs.Images.Folders;

namespace MedGan.Jobs.CommandLine;

/// <summary>The slices of each series that follow each other without a gap: what a network of volumes can see as one.</summary>
internal static class SliceRuns
{
    /// <param name="slices">In any order.</param>
    /// <param name="image">Whose series and place in it count.</param>
    public static IReadOnlyList<IReadOnlyList<T>> Of<T>(IEnumerable<T> slices, Func<T, FolderImage> image)
    {
        var runs = new List<List<T>>();
        foreach (var series in slices.GroupBy(slice => image(slice).Series))
            foreach (var slice in series.OrderBy(slice => image(slice).Slice))
                if (runs.Count > 0 && image(runs[^1][^1]) is var last && last.Series == series.Key && last.Slice + 1 == image(slice).Slice) runs[^1].Add(slice);
                else runs.Add([slice]);
        return runs;
    }
}
