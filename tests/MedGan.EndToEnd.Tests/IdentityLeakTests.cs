using System.IO.Compression;
using System.Text;
using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.EndToEnd.Tests;

/// <summary>After the whole main job, nothing that identified a patient is anywhere: not under the data folder, in the database, the logs or the output.</summary>
public sealed class IdentityLeakTests(PhantomMainJob job)
{
    private static readonly DicomVR[] Identifying = [DicomVR.PN, DicomVR.UI, DicomVR.DA, DicomVR.DT];

    private static readonly DicomTag[] Named =
    [
        DicomTag.PatientID, DicomTag.AccessionNumber, DicomTag.InstitutionName, DicomTag.InstitutionAddress, DicomTag.StationName,
        DicomTag.DeviceSerialNumber, DicomTag.PatientAddress, DicomTag.PatientTelephoneNumbers, DicomTag.OtherPatientIDsRETIRED, DicomTag.StudyID,
    ];

    [Fact]
    public void MainJob_OfThePhantom_KeepsNoOriginalValue()
    {
        var folder = Directory.CreateTempSubdirectory("medgan-phantom-");
        try
        {
            PhantomSeries.Write(PhantomPatient.Create(1000), PhantomModality.Ct, folder.FullName);
            var mr = folder.CreateSubdirectory("mr");
            PhantomSeries.Write(PhantomPatient.Create(2000), PhantomModality.MrT1, mr.FullName);
            var values = Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).SelectMany(OriginalValues).ToHashSet();
            Assert.True(values.Count > 60, $"only {values.Count} identifying values were found in the phantom's files");
            NothingIsFound(job.Run, values);
        }
        finally { folder.Delete(recursive: true); }
    }

    /// <summary>Names, UIDs, dates and ids of a file, at any depth.</summary>
    internal static IEnumerable<string> OriginalValues(string file) => Values(DicomFile.Open(file).Dataset)
        .Select(value => value.Trim(' ', '\0', '^')).Where(value => value.Length >= 6 && !value.StartsWith("1.2.840.10008", StringComparison.Ordinal));

    private static IEnumerable<string> Values(DicomDataset data) => data.SelectMany(item => item switch
    {
        DicomSequence sequence => sequence.Items.SelectMany(Values),
        DicomElement element when Identifying.Contains(item.ValueRepresentation) || Named.Contains(item.Tag) || item.Tag.IsPrivate && item.ValueRepresentation.IsString =>
            element.Get<string[]>().SelectMany(value => item.ValueRepresentation == DicomVR.PN ? value.Split('^').Append(value) : [value]),
        _ => [],
    });

    internal static void NothingIsFound(MainJobRun run, IReadOnlySet<string> values)
    {
        var needles = values.Select(Encoding.UTF8.GetBytes).ToList();
        var searched = 0;
        foreach (var file in Directory.EnumerateFiles(run.Service.Folder, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(file).Length == 0) continue; // the worker's lock, which nobody may open
            Search(File.ReadAllBytes(file), file, needles);
            searched++;
            if (!file.EndsWith(".zip", StringComparison.Ordinal)) continue;
            using var zip = ZipFile.OpenRead(file);
            foreach (var entry in zip.Entries)
            {
                using var content = entry.Open();
                using var copy = new MemoryStream();
                content.CopyTo(copy);
                Search(copy.ToArray(), $"{file}:{entry.FullName}", needles);
            }
        }
        Search(Encoding.UTF8.GetBytes(run.Console), "the console", needles);
        Assert.True(searched > 100, $"only {searched} files were searched");
    }

    private static void Search(ReadOnlySpan<byte> content, string where, List<byte[]> needles)
    {
        foreach (var needle in needles)
            Assert.True(content.IndexOf(needle) < 0, $"'{Encoding.UTF8.GetString(needle)}' of an uploaded file is in {where}");
    }
}
