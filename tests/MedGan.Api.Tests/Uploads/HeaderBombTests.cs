using System.Text;
using FellowOakDicom;
using MedGan.Api.Tests.Fixtures;
using MedGan.Dicom.Web;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Intake;
using MedGan.Storage.Keys;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

/// <summary>Objects of a legal size whose header would grow to many times of it in memory, or down the stack.</summary>
public sealed class HeaderBombTests(TestService service) : IClassFixture<TestService>
{
    private const int Repeats = 3_000_000;

    /// <summary>Beside the object itself: an ordinary CT of this size takes less.</summary>
    private const long MostBytes = 256L << 20;

    [Theory]
    [InlineData("elements", true)]
    [InlineData("items", true)]
    [InlineData("fragments", true)]
    [InlineData("nesting", true)]
    [InlineData("values of a UID", false)] // as one that is no UID at all: dropped
    [InlineData("values of a number", false)]
    [InlineData("values of a term", false)]
    [InlineData("values of a name", false)]
    [InlineData("values of a number of frames", false)]
    [InlineData("values of a number of rows", false)]
    [InlineData("values of a character set", false)]
    public void Header_OfMillionsOfParts_TakesNoMoreMemoryThanAnImage(string parts, bool isRefused)
    {
        var bomb = Bomb(parts);
        var deidentifier = new Deidentifier(PseudonymKey.FromBytes(service.Services.GetRequiredService<KeyRing>().Pseudonym()).ForProject(TestService.Project));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Record.Exception(() => Admission.Admit(new DicomPart(0, bomb), deidentifier));
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken < MostBytes, $"{parts}: {taken >> 20} MiB were taken for {bomb.Length >> 20} MiB");
        if (isRefused) Assert.IsType<InstanceRejectedException>(refused);
    }

    private static MemoryStream Bomb(string parts) => parts switch
    {
        "elements" => File("1.2.840.10008.1.2.1", [.. Tag(0x0008, 0x1140), .. "SQ\0\0"u8, .. Undefined], [.. Tag(0xFFFE, 0xE000), 8, 0, 0, 0, .. Tag(0x0008, 0x0005), .. "CS\0\0"u8]),
        "items" => File("1.2.840.10008.1.2.1", [.. Tag(0x0008, 0x1140), .. "SQ\0\0"u8, .. Undefined], [.. Tag(0xFFFE, 0xE000), 0, 0, 0, 0]),
        "fragments" => File("1.2.840.10008.1.2.5", [.. Tag(0x7FE0, 0x0010), .. "OB\0\0"u8, .. Undefined], [.. Tag(0xFFFE, 0xE000), 0, 0, 0, 0]),
        "nesting" => File("1.2.840.10008.1.2.1", [], [.. Tag(0x0008, 0x1140), .. "SQ\0\0"u8, .. Undefined, .. Tag(0xFFFE, 0xE000), .. Undefined]),
        "values of a UID" => Values(0x0020, 0x0052),
        "values of a number" => Values(0x0028, 0x0030),
        "values of a term" => Values(0x0008, 0x0008),
        "values of a name" => Values(0x0010, 0x0020),
        "values of a number of frames" => Values(0x0028, 0x0008),
        "values of a number of rows" => Values(0x0028, 0x0010),
        "values of a character set" => Values(0x0008, 0x0005),
        _ => throw new ArgumentOutOfRangeException(nameof(parts)),
    };

    /// <summary>A whole CT in implicit VR, where a length has 32 bits, with an element of nothing but separators.</summary>
    private static MemoryStream Values(ushort group, ushort element)
    {
        var separators = new byte[8 * Repeats];
        separators.AsSpan().Fill((byte)'\\');
        var dataset = new DicomDataset(DicomTransferSyntax.ImplicitVRLittleEndian).NotValidated();
        dataset.Add(DicomFile.Open(new MemoryStream(MadeUpDicom.Ct())).Dataset);
        dataset.AddOrUpdate(new DicomOtherByte(new DicomTag(group, element), separators)); // its VR is not written
        var file = new MemoryStream();
        new DicomFile(dataset).Save(file);
        file.Position = 0;
        return file;
    }

    private static readonly byte[] Undefined = [0xFF, 0xFF, 0xFF, 0xFF];

    private static byte[] Tag(ushort group, ushort element) => [.. BitConverter.GetBytes(group), .. BitConverter.GetBytes(element)];

    private static MemoryStream File(string syntax, byte[] head, byte[] repeated)
    {
        var file = new MemoryStream();
        file.Write(new byte[128]);
        file.Write("DICM"u8);
        var uid = Encoding.ASCII.GetBytes(syntax.Length % 2 == 0 ? syntax : syntax + "\0");
        file.Write([2, 0, 0x10, 0, .. "UI"u8, (byte)uid.Length, 0, .. uid]);
        file.Write(head);
        for (var i = 0; i < Repeats; i++) file.Write(repeated);
        file.Position = 0;
        return file;
    }
}
