using FellowOakDicom;
using MedGan.Dicom.Codecs;
using MedGan.Dicom.Rendering;
using MedGan.Dicom.Tests.Reference;
using MedGan.Dicom.Volumes;
using MedGan.Phantoms;
using MedGan.Testing;
using Xunit;

namespace MedGan.Dicom.Tests.Codecs;

public sealed class FrameDecoderTests
{
    [Theory]
    [InlineData("dcmconv", "+ti")]
    [InlineData("dcmconv", "+tb")]
    [InlineData("dcmconv", "+td")]
    [InlineData("dcmcrle", "+te")]
    public void Decode_EncodedByDcmtk_IsTheSame(string program, string option)
    {
        Assert.SkipUnless(SystemPrograms.Has(program), "dcmtk is not installed: ./medgan setup");
        using var folder = new TemporaryFolder();
        foreach (var (modality, seed) in new[] { (PhantomModality.Ct, 3), (PhantomModality.MrT1, 2) })
        {
            var path = PhantomSeries.Write(PhantomPatient.Create(seed), modality, folder.Path, new PhantomGrid(40, 3, 6, 20))[1];
            string[] arguments = program == "dcmcrle" ? [path, folder.File("other.dcm")] : [option, path, folder.File("other.dcm")];
            Assert.Equal(0, SystemPrograms.Run(program, arguments).ExitCode);
            var other = DicomFile.Open(folder.File("other.dcm"), FileReadOption.ReadAll);
            Assert.NotEqual(DicomTransferSyntax.ExplicitVRLittleEndian, other.Dataset.InternalTransferSyntax);
            var expected = FrameDecoder.Decode(DicomFile.Open(path, FileReadOption.ReadAll));
            Assert.Equal(expected.Values, FrameDecoder.Decode(other).Values);
            Assert.True(expected.Values.Distinct().Count() > 100);
        }
    }

    [Fact]
    public void Read_OddAndMalformedFiles_AreRefusedWithAReason_NeverAnythingElse()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        int opened = 0, refused = 0, rendered = 0;
        foreach (var path in Directory.EnumerateFiles(SharedData.Path("parser"), "*", SearchOption.AllDirectories))
        {
            DicomFile file;
            try
            {
                file = DicomFile.Open(path, FileReadOption.ReadAll);
            }
            catch (Exception e) when (e is DicomException or IOException)
            {
                continue;
            }
            opened++;
            var answer = Record.Exception(() => VolumeReader.Read([file, file, file]));
            Assert.True(answer is SeriesRejectedException, $"{path}: {answer}");
            refused++;
            answer = Record.Exception(() => DicomRenderer.Render(file));
            Assert.True(answer is null or PixelDataException or UnsupportedTransferSyntaxException, $"{path}: {answer}");
            rendered += answer is null ? 1 : 0;
        }
        Assert.True(opened > 100 && refused == opened && rendered > 10, $"{opened} opened, {refused} refused, {rendered} rendered");
    }
}
