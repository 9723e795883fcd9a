using System.IO.Compression;
using FellowOakDicom;
using MedGan.Api.Tests.Fixtures;
using MedGan.Dicom.Web;
using MedGan.Privacy.Deidentification;
using MedGan.Storage.Intake;
using MedGan.Storage.Keys;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MedGan.Api.Tests.Uploads;

public sealed class DeflateBombTests(TestService service) : IClassFixture<TestService>
{
    private const int NoiseBytes = 5 << 19, MiBOfZeros = 520;

    [Fact]
    public void Admit_DeflateBombWithAPackedFormThatSeemsToAllowIt_IsRefused()
    {
        var bomb = Bomb(out var packed);
        Assert.True((64L << 20) + (256 * packed) > (long)(MiBOfZeros + 5) << 20); // a limit by ratio alone would let it in
        var deidentifier = new Deidentifier(PseudonymKey.FromBytes(service.Services.GetRequiredService<KeyRing>().Pseudonym()).ForProject(TestService.Project));
        var refused = Assert.Throws<InstanceRejectedException>(() => Admission.Admit(new DicomPart(0, bomb), deidentifier));
        Assert.Equal(RejectReason.Truncated, refused.Reason);
    }

    private static MemoryStream Bomb(out long packed)
    {
        var file = new MemoryStream();
        new DicomFile(new DicomDataset(DicomTransferSyntax.DeflatedExplicitVRLittleEndian)
        {
            { DicomTag.SOPClassUID, DicomUID.CTImageStorage },
            { DicomTag.SOPInstanceUID, $"{MadeUpDicom.Root}.1.1.1" },
        }).Save(file);
        var meta = 132 + 12 + BitConverter.ToInt32(file.GetBuffer(), 140); // preamble, group length, group 0002
        file.SetLength(meta);
        file.Position = meta;
        var noise = new byte[NoiseBytes];
        new Random(1).NextBytes(noise);
        using (var deflate = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Header(0x1001, NoiseBytes));
            deflate.Write(noise);
            deflate.Write(Header(0x1002, MiBOfZeros << 20));
            var zeros = new byte[1 << 20];
            for (var i = 0; i < MiBOfZeros; i++)
            {
                deflate.Write(zeros);
            }
        }
        packed = file.Length - meta;
        file.Position = 0;
        return file;
    }

    /// <summary>The head of an OB element of private group 0009.</summary>
    private static byte[] Header(ushort element, int length) =>
        [9, 0, .. BitConverter.GetBytes(element), (byte)'O', (byte)'B', 0, 0, .. BitConverter.GetBytes(length)];
}
