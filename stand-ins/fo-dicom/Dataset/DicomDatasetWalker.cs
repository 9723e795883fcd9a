using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Is told of everything in a data set, in order; false ends the walk.</summary>
public interface IDicomDatasetWalker
{
    void OnBeginWalk();
    bool OnElement(DicomElement element);
    Task<bool> OnElementAsync(DicomElement element);
    bool OnBeginSequence(DicomSequence sequence);
    bool OnBeginSequenceItem(DicomDataset dataset);
    bool OnEndSequenceItem();
    bool OnEndSequence();
    bool OnBeginFragment(DicomFragmentSequence fragment);
    bool OnFragmentItem(IByteBuffer item);
    Task<bool> OnFragmentItemAsync(IByteBuffer item);
    bool OnEndFragment();
    void OnEndWalk();
}

/// <summary>Walks a data set, depth first.</summary>
public class DicomDatasetWalker
{
    private readonly DicomDataset dataset;

    public DicomDatasetWalker(DicomDataset dataset) => this.dataset = dataset;

    public void Walk(IDicomDatasetWalker walker)
    {
        walker.OnBeginWalk();
        Items(walker, dataset);
        walker.OnEndWalk();
    }

    public Task WalkAsync(IDicomDatasetWalker walker)
    {
        Walk(walker);
        return Task.CompletedTask;
    }

    private static bool Items(IDicomDatasetWalker walker, DicomDataset dataset) => dataset.All(item => item switch
    {
        DicomElement element => walker.OnElement(element),
        DicomFragmentSequence fragments => walker.OnBeginFragment(fragments)
            && fragments.All(walker.OnFragmentItem) && walker.OnEndFragment(),
        DicomSequence sequence => walker.OnBeginSequence(sequence)
            && sequence.Items.All(i => walker.OnBeginSequenceItem(i) && Items(walker, i) && walker.OnEndSequenceItem()) && walker.OnEndSequence(),
        _ => true,
    });
}
