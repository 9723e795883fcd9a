using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Phantoms.Series;

namespace MedGan.Bench.Service;

/// <summary>Series of the phantom as files; each time of another patient and another study, so that no server has seen them.</summary>
internal sealed class Scans(PhantomGrid grid)
{
    private readonly Dictionary<(PhantomModality, int), IReadOnlyList<DicomFile>> _heads = [];
    private int _issued;

    /// <summary>The next series: the pixels of a head that may have come before, with an identity of its own.</summary>
    public IReadOnlyList<byte[]> Next(PhantomModality modality, int head = 1)
    {
        if (!_heads.TryGetValue((modality, head), out var slices)) slices = _heads[(modality, head)] = PhantomSeries.Create(PhantomPatient.Create(head), modality, grid);
        var number = ++_issued;
        var (study, series) = (Uid(), Uid());
        return [.. slices.Select(slice =>
        {
            var data = slice.Dataset.Clone();
            data.AddOrUpdate(DicomTag.PatientID, $"BENCH-{number}").AddOrUpdate(DicomTag.PatientName, $"Bench^{number}");
            data.AddOrUpdate(DicomTag.StudyInstanceUID, study).AddOrUpdate(DicomTag.SeriesInstanceUID, series).AddOrUpdate(DicomTag.SOPInstanceUID, Uid());
            var file = new MemoryStream();
            new DicomFile(data).Save(file);
            return file.ToArray();
        })];
    }

    private static string Uid() => DicomUIDGenerator.GenerateDerivedFromUUID().UID;
}
