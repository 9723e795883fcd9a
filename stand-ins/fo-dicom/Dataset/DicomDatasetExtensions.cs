namespace FellowOakDicom;

public static class DicomDatasetExtensions
{
    /// <summary>Copies sequences, shares elements.</summary>
    public static DicomDataset Clone(this DicomDataset dataset) => new(dataset);

    /// <summary>The date and the time attribute together; the earliest moment where there is neither.</summary>
    public static DateTime GetDateTime(this DicomDataset dataset, DicomTag date, DicomTag time)
    {
        var day = dataset.GetSingleValueOrDefault(date, DateTime.MinValue);
        var hour = dataset.GetSingleValueOrDefault(time, DateTime.MinValue);
        return day.Date + hour.TimeOfDay;
    }

    public static IEnumerable<DicomItem> EnumerateMasked(this DicomDataset dataset, DicomMaskedTag mask) => dataset.Where(i => mask.IsMatch(i.Tag));
    public static IEnumerable<DicomItem> EnumerateGroup(this DicomDataset dataset, ushort group) => dataset.Where(i => i.Tag.Group == group && i.Tag.Element != 0);

    /// <summary>Values are no longer checked when they are added.</summary>
    public static DicomDataset NotValidated(this DicomDataset dataset)
    {
        dataset.AutoValidate = false;
        return dataset;
    }

    public static DicomDataset Validated(this DicomDataset dataset)
    {
        dataset.AutoValidate = true;
        return dataset;
    }
}

/// <summary>Values are not checked while the scope is open.</summary>
public class UnvalidatedScope : IDisposable
{
    private readonly DicomDataset dataset;
    private readonly bool before;

    public UnvalidatedScope(DicomDataset dataSet)
    {
        (dataset, before) = (dataSet, dataSet.AutoValidate);
        dataset.AutoValidate = false;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => dataset.AutoValidate = before;
}
