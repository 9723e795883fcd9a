using System.Diagnostics;
using FellowOakDicom;
using MedGan.Phantoms;

namespace MedGan.Bench;

/// <summary>Reading whole DICOM files from memory and visiting every element: ours against pydicom, on the phantom's files.</summary>
internal static class DicomBench
{
    private const int Repeats = 40;

    public static BenchReport Run(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("medgan-bench-").FullName;
        try
        {
            PhantomSeries.Write(PhantomPatient.Create(1), PhantomModality.Ct, folder);
            PhantomSeries.Write(PhantomPatient.Create(2), PhantomModality.MrT1, folder);
            var paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            var files = paths.Select(File.ReadAllBytes).ToList();
            var script = Path.Combine(Repository.Root, "bench", "peers", "pydicom_headers.py");
            List<double> ours = [], peer = [];
            var peerName = "";
            Read(files, 2);
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(Read(files, Repeats));
                var answer = PeerProcess.Run(script, openBlas: false, ["2", .. paths]);
                peer.Add(answer.GetProperty("files_per_second").GetDouble());
                peerName = answer.GetProperty("peer").GetString()!;
            }
            return new("dicom", BenchReport.ThisMachine, [BenchRow.MoreIsBetter("read a 33 kB CT or MR file, visit all elements", "files/s", Statistics.Median(ours), Statistics.Median(peer), peerName, bar: 1)]);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static double Read(List<byte[]> files, int repeats)
    {
        var clock = Stopwatch.StartNew();
        long elements = 0;
        for (var i = 0; i < repeats; i++)
            foreach (var file in files) elements += Visit(DicomFile.Open(new MemoryStream(file), FileReadOption.ReadAll).Dataset);
        if (elements == 0) throw new BenchException("no elements were read");
        return repeats * files.Count / clock.Elapsed.TotalSeconds;
    }

    private static int Visit(DicomDataset data) => data.Sum(item => item is DicomSequence sequence ? 1 + sequence.Items.Sum(Visit) : 1);
}
