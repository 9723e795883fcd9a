using MedGan.Dicom.Volumes;
using MedGan.Jobs.Train;
using MedGan.Models.Training;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Images;

/// <summary>A real slice at the model's resolution, and whose it is.</summary>
public sealed record CohortImage(Guid Series, string Patient, SourceSplit Split, HeadSlice Slice)
{
    /// <summary>The name of this image in reports: series and slice index.</summary>
    public string Id => $"{Series:N}/{Slice.Index}";
}

/// <summary>All real images of a snapshot, in the snapshot's order: the same snapshot gives the same list.</summary>
public sealed class CohortImages
{
    private readonly Dictionary<Modality, IReadOnlyList<CohortImage>> images;

    private CohortImages(Dictionary<Modality, IReadOnlyList<CohortImage>> images, int size) => (this.images, Size) = (images, size);

    /// <summary>Rows and columns of every image.</summary>
    public int Size { get; }

    /// <summary>Reads each series' volume through <paramref name="open"/>, one at a time.</summary>
    public static CohortImages Load(CohortSnapshot snapshot, Func<SnapshotSeries, Volume> open, int size, CancellationToken ct)
    {
        var images = new Dictionary<Modality, IReadOnlyList<CohortImage>>();
        foreach (var modality in Enum.GetValues<Modality>())
        {
            var list = new List<CohortImage>();
            foreach (var series in snapshot.Of(modality))
            {
                ct.ThrowIfCancellationRequested();
                list.AddRange(new HeadSlices(open(series), size).All()
                    .Select(slice => new CohortImage(series.Id, series.Patient, series.Split, slice)));
            }
            images[modality] = list;
        }
        return new CohortImages(images, size);
    }

    /// <summary>Every image of a modality.</summary>
    public IReadOnlyList<CohortImage> Of(Modality modality) => images[modality];

    /// <summary>The images of the patients that the training sees.</summary>
    public IReadOnlyList<CohortImage> Training(Modality modality) =>
        [.. images[modality].Where(image => image.Split == SourceSplit.Train)];

    /// <summary>The images of the patients that it never sees.</summary>
    public IReadOnlyList<CohortImage> HeldOut(Modality modality) =>
        [.. images[modality].Where(image => image.Split != SourceSplit.Train)];

    /// <summary>As the trainer takes them.</summary>
    public static IReadOnlyList<TrainingImage> ForTrainer(IEnumerable<CohortImage> images) =>
        [.. images.Select(image => new TrainingImage(image.Patient, image.Slice.Pixels))];
}
