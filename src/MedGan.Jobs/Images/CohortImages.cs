using MedGan.Dicom.Volumes;
using MedGan.Jobs.Train;
using MedGan.Models.Training;
using MedGan.Storage.Records;

namespace MedGan.Jobs.Images;

/// <summary>A real slice at the model's resolution, and whose it is.</summary>
/// <param name="Series">Its series.</param>
/// <param name="Patient">The patient's pseudonym.</param>
/// <param name="Split">The part that the patient plays.</param>
/// <param name="Slice">What the model sees.</param>
public sealed record CohortImage(Guid Series, string Patient, SourceSplit Split, HeadSlice Slice)
{
    /// <summary>The name of this image in reports: series and slice index.</summary>
    public string Id => $"{Series:N}/{Slice.Index}";
}

/// <summary>All real images of a snapshot, in the snapshot's order: the same snapshot gives the same list.</summary>
public sealed class CohortImages
{
    private readonly Dictionary<Modality, IReadOnlyList<CohortImage>> images;
    private readonly Dictionary<Guid, HeadSlice[]> series;
    private readonly Dictionary<(Guid Series, int Slice), CohortImage> partners;

    private CohortImages(CohortSnapshot snapshot, Dictionary<Guid, IReadOnlyList<CohortImage>> loaded, int size)
    {
        Size = size;
        images = Enum.GetValues<Modality>().ToDictionary(modality => modality, modality => (IReadOnlyList<CohortImage>)[.. snapshot.Of(modality).SelectMany(one => loaded[one.Id])]);
        series = loaded.ToDictionary(one => one.Key, one => one.Value.Select(image => image.Slice).ToArray());
        partners = snapshot.Series.Where(target => target.RegisteredTo is not null)
            .SelectMany(target => loaded[target.Id].Select(image => (Of: (target.RegisteredTo!.Value, image.Slice.Index), image))).ToDictionary(pair => pair.Of, pair => pair.image);
    }

    /// <summary>Rows and columns of every image.</summary>
    public int Size { get; }

    /// <summary>Reads each series' volume through <paramref name="open"/>, one at a time.</summary>
    public static CohortImages Load(CohortSnapshot snapshot, Func<SnapshotSeries, Volume> open, int size, CancellationToken ct)
    {
        var loaded = new Dictionary<Guid, IReadOnlyList<CohortImage>>();
        var grids = new Dictionary<Guid, InPlaneGrid>();
        foreach (var series in snapshot.Series.OrderBy(one => one.RegisteredTo is not null)) // which are seen through the field of view of those that they are registered to
        {
            ct.ThrowIfCancellationRequested();
            var volume = open(series);
            var heads = series.RegisteredTo is { } other ? new HeadSlices(volume, grids[other]) : new HeadSlices(volume, size);
            grids[series.Id] = heads.Grid;
            loaded[series.Id] = [.. heads.All().Select(slice => new CohortImage(series.Id, series.Patient, series.Split, slice))];
        }
        return new CohortImages(snapshot, loaded, size);
    }

    /// <summary>Every image of a modality.</summary>
    public IReadOnlyList<CohortImage> Of(Modality modality) => images[modality];

    /// <summary>The images of the patients that the training sees.</summary>
    public IReadOnlyList<CohortImage> Training(Modality modality) =>
        [.. images[modality].Where(image => image.Split == SourceSplit.Train)];

    /// <summary>The images of the patients that it never sees.</summary>
    public IReadOnlyList<CohortImage> HeldOut(Modality modality) =>
        [.. images[modality].Where(image => image.Split != SourceSplit.Train)];

    /// <summary>The slice of a registered series that lies on a slice of this one; null where there is none, or no head in it.</summary>
    public CohortImage? PartnerOf(CohortImage image) => partners.GetValueOrDefault((image.Series, image.Slice.Index));

    /// <summary>An image with its neighbours, as <see cref="HeadSlices.Stack"/> puts them together.</summary>
    public float[] Stack(CohortImage image, int radius) => HeadSlices.Stack(series[image.Series], Array.IndexOf(series[image.Series], image.Slice), radius);

    /// <summary>As the trainer takes them.</summary>
    public static IReadOnlyList<TrainingImage> ForTrainer(IEnumerable<CohortImage> images) =>
        [.. images.Select(image => new TrainingImage(image.Patient, image.Slice.Pixels))];
}
