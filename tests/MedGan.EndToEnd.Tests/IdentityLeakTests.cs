using System.Buffers;
using System.IO.Compression;
using System.Text;
using FellowOakDicom;
using MedGan.Phantoms;
using MedGan.Storage;
using MedGan.Storage.Objects;
using MedGan.Testing;
using Microsoft.Extensions.DependencyInjection;
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
            new PhantomCohorts(12, 12).Write(folder.FullName, truth: false); // the demo's own patients
            var values = Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).SelectMany(OriginalValues).ToHashSet();
            Assert.True(values.Count > 700, $"only {values.Count} identifying values were found in the phantom's files");
            NothingIsFound(job.Run, values);
        }
        finally { folder.Delete(recursive: true); }
    }

    /// <summary>
    /// Names, UIDs, dates and ids of a file, at any depth. Private decimal numbers are measurements (a table position in mm): they name
    /// nobody, and the five digits of one stand in any time of day with its fraction.
    /// </summary>
    internal static IEnumerable<string> OriginalValues(string file) => Values(DicomFile.Open(file).Dataset)
        .Select(value => value.Trim(' ', '\0', '^')).Where(value => value.Length >= 6 && !value.StartsWith("1.2.840.10008", StringComparison.Ordinal));

    private static IEnumerable<string> Values(DicomDataset data) => data.SelectMany(item => item switch
    {
        DicomSequence sequence => sequence.Items.SelectMany(Values),
        DicomElement element when Identifying.Contains(item.ValueRepresentation) || Named.Contains(item.Tag) || item.Tag.IsPrivate && item.ValueRepresentation.IsString && item.ValueRepresentation != DicomVR.DS =>
            element.Get<string[]>().SelectMany(value => item.ValueRepresentation == DicomVR.PN ? value.Split('^').Append(value) : [value]),
        _ => [],
    });

    /// <summary>Searches the files of a run as they lie, and what is in its sealed objects.</summary>
    internal static void NothingIsFound(MainJobRun run, IReadOnlySet<string> values)
    {
        // Bytes as characters, so that many values are looked for at once; each as UTF-8 and as ISO_IR 100 spell it.
        var needles = SearchValues.Create([.. values.SelectMany(value => new[] { Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)), value }).Distinct()], StringComparison.Ordinal);
        var searched = 0;
        foreach (var file in Directory.EnumerateFiles(run.Service.Folder, "*", SearchOption.AllDirectories))
        {
            if (new FileInfo(file).Length == 0) continue; // the worker's lock, which nobody may open
            Search(File.ReadAllBytes(file), file, needles);
            searched++;
        }
        using var services = new ServiceCollection().AddLogging().AddMedGanStorage(new StorageOptions { DataFolder = run.Service.DataFolder }).BuildServiceProvider();
        var objects = services.GetRequiredService<ObjectIndex>();
        foreach (var path in objects.ListAsync("").GetAwaiter().GetResult())
        {
            using var content = objects.OpenAsync(path).GetAwaiter().GetResult()!;
            Search(Copy(content), path, needles);
            searched++;
            if (!path.EndsWith(".zip", StringComparison.Ordinal)) continue;
            content.Position = 0;
            using var zip = new ZipArchive(content);
            foreach (var entry in zip.Entries)
            {
                using var member = entry.Open();
                Search(Copy(member), $"{path}:{entry.FullName}", needles);
            }
        }
        Search(Encoding.UTF8.GetBytes(run.Console), "the console", needles);
        Assert.True(searched > 100, $"only {searched} files were searched");
    }

    private static byte[] Copy(Stream content)
    {
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private static void Search(byte[] content, string where, SearchValues<string> needles)
    {
        var text = Encoding.Latin1.GetString(content);
        for (int from = 0, step; (step = text.AsSpan(from).IndexOfAny(needles)) >= 0; from += step + 1)
        {
            var at = from + step;
            Assert.True(InOneOfOurUids(text, at), $"an original value is in {where}, at byte {at}: {text.Substring(at, Math.Min(64, text.Length - at))}");
        }
    }

    /// <summary>
    /// Whether eight digits at this place are a date only by chance: a 2.25 UID of ours has up to 39 random digits in one run, and some
    /// thousands of them hold one of fifty dates in every few dozen runs. No date, time or id that a scanner writes is a run of twenty.
    /// </summary>
    private static bool InOneOfOurUids(string text, int at)
    {
        var (start, end) = (at, at);
        while (start > 0 && char.IsAsciiDigit(text[start - 1])) start--;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - start >= 20;
    }

    [Theory]
    [InlineData("{\"StudyDate\":\"20130717\"}", true)]
    [InlineData("20130717101112.123456+0100", true)]
    [InlineData("1.2.840.113619.2.20130717.5", true)]
    [InlineData("2.25.118220130717993847561029384756102938475", false)]
    public void Search_FindsADate_UnlessItIsPartOfARandomUid(string text, bool found)
    {
        var dates = SearchValues.Create(["20130717"], StringComparison.Ordinal);
        var search = Record.Exception(() => Search(Encoding.UTF8.GetBytes(text), "here", dates));
        Assert.Equal(found, search is Xunit.Sdk.TrueException);
    }
}
