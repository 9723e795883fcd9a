using System.Globalization;
using System.Text;
using System.Text.Json;
using FellowOakDicom;
using MedGan.Privacy.Deidentification;
using MedGan.Testing;
using Xunit;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Every attribute by itself, against the standard's table and against a published procedure for CT.</summary>
public sealed class ProfileTests
{
    private enum Fate { Absent, Empty, Changed, Same }

    [Fact]
    public void Profile_NoAttributeOfTableE11_ComesOutUnchanged()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        var wrong = new List<string>();
        int checkedAttributes = 0;
        foreach (var row in Json("ps3.15_confidentiality_profile_attributes.json").EnumerateArray())
        {
            string text = row.GetProperty("tag").GetString()!, action = row.GetProperty("basicProfile").GetString()!;
            if (!TryTag(text, out uint tag) || tag >> 16 < 8) continue;
            checkedAttributes++;
            var fate = FateOf(tag);
            bool shifted = fate == Fate.Changed && row.TryGetProperty("rtnLongModifDatesOpt", out _);
            bool right = action switch
            {
                "X" => fate == Fate.Absent || shifted,
                "U" => fate is Fate.Changed or Fate.Absent,
                _ => fate != Fate.Same,
            };
            if (!right) wrong.Add($"{text} {action} {fate}");
        }
        Assert.True(checkedAttributes > 600);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Profile_ForCt_AgreesWithThePublishedProcedure()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        uint[] ours = [0x00120062, 0x00120063, 0x00120064, 0x00280303]; // written anew after de-identification, as PS3.15 E.1 says
        int correct = 0, required = 0, hidden = 0, toHide = 0;
        var keptAnyway = new List<uint>();
        var other = new List<string>();
        foreach (var attribute in Json("grand_challenge_procedure.json").GetProperty("sopClass").GetProperty("1.2.840.10008.5.1.4.1.1.2").GetProperty("tag").EnumerateObject())
        {
            if (!TryTag(attribute.Name, out uint tag) || tag >> 16 < 8 || ours.Contains(tag)) continue;
            string action = attribute.Value.GetProperty("default").GetString()!;
            var fate = FateOf(tag);
            // The procedure has no option for dates; moved dates are what ours promises instead.
            bool right = action switch
            {
                "K" => fate == Fate.Same,
                "X" => fate == Fate.Absent || (fate == Fate.Changed && BasicProfile.For(Tag(tag)) == ProfileAction.ShiftDate),
                "Z" => fate is Fate.Empty or Fate.Changed,
                "D" or "U" => fate == Fate.Changed,
                _ => false,
            };
            required++;
            correct += right ? 1 : 0;
            if (!right) other.Add($"{attribute.Name} {action}:{fate}");
            if (action == "K") continue;
            toHide++;
            if (fate != Fate.Same) hidden++; else keptAnyway.Add(tag);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"score {correct}/{required} = {100.0 * correct / required:0.00} %; of what it hides, ours hides {hidden}/{toHide} = {100.0 * hidden / toHide:0.00} %; differences: {string.Join(", ", other)}"));
        // What stays although the procedure removes it: acquisition physics and closed lists of terms, nothing that the standard lists.
        Assert.All(keptAnyway, tag => Assert.True(KeptAttribute.All.ContainsKey(tag) && BasicProfile.For(Tag(tag)) is null, $"{tag:X8}"));
        Assert.True(correct >= 0.75 * required, $"{correct} of {required}");
        Assert.True(hidden >= 0.95 * toHide, $"{hidden} of {toHide}");
    }

    [Fact]
    public void Profile_KeptAttributes_AreNoneThatTheStandardLists() =>
        Assert.DoesNotContain(KeptAttribute.All.Keys, tag => BasicProfile.For(Tag(tag)) is not null);

    private static Fate FateOf(uint tag)
    {
        var entry = Tag(tag).DictionaryEntry;
        string vr = entry.ValueRepresentations.Length == 0 ? "UN" : entry.ValueRepresentations[0].Code;
        var file = RawDicom.Slice();
        string value = Value(tag, vr);
        if (tag != 0x7FE00010 && !(tag >> 16 == 0x0028 && file.Has(tag)))
        {
            if (vr == "SQ") file.Sequence(tag, new RawDicom().Text(0x00189328, "FD", "\0\0\0\0\0\0\xF0\x3F"));
            else file.Bytes(tag, vr, Encoding.Latin1.GetBytes(value));
        }
        var original = file.Open().Dataset;
        var result = Deidentified.Dataset(file);
        if (!result.Contains(Tag(tag))) return Fate.Absent;
        byte[] before = Content(original, tag), after = Content(result, tag);
        return after.Length == 0 ? Fate.Empty : before.AsSpan().SequenceEqual(after) ? Fate.Same : Fate.Changed;
    }

    private static string Value(uint tag, string vr) => KeptAttribute.All.TryGetValue(tag, out var rule) && rule.Terms.Count > 0 ? rule.Terms.First() : vr switch
    {
        "UI" => (tag & 0xFFFF) is 0x0016 or 0x1150 ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.3.4.8",
        "DA" => "20240229",
        "DT" => "20240229101500",
        "TM" => "101500",
        "AS" => "085Y",
        "DS" or "IS" => "17",
        "US" or "SS" => "\x11\0",
        "UL" or "SL" => "\x11\0\0\0",
        "FL" => "\0\0\x80\x3F",
        "FD" => "\0\0\0\0\0\0\xF0\x3F",
        "AT" => "\x10\0\x10\0",
        "CS" when tag == 0x00200020 => "L",
        "CS" when tag == 0x00080005 => "ISO_IR 192",
        "CS" when tag == 0x00080060 => "CT",
        _ => "SOMEBODY",
    };

    private static byte[] Content(DicomDataset dataset, uint tag) => dataset.First(item => item.Tag == Tag(tag)) switch
    {
        DicomElement element => element.Buffer.Data,
        DicomSequence sequence => [.. sequence.Items.SelectMany(item => item).SelectMany(item => Encoding.ASCII.GetBytes(item.Tag.ToString()))],
        _ => [],
    };

    private static DicomTag Tag(uint tag) => new((ushort)(tag >> 16), (ushort)tag);

    private static bool TryTag(string text, out uint tag) =>
        uint.TryParse(text.Trim('(', ')').Replace(",", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out tag) && text.Length == 11;

    private static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(SharedData.Path("deid", name))).RootElement;
}
