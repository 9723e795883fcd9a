using FellowOakDicom;
using MedGan.Privacy.Deidentification;
using MedGan.Testing;
using Xunit;

namespace MedGan.Tests.Privacy.Deidentification;

/// <summary>Malformed input: every file is either de-identified or refused with a reason, nothing else.</summary>
public sealed class OddFilesTests
{
    [Fact]
    public void Deidentifier_OddAndMalformedFiles_AreTakenOrRefused()
    {
        Assert.SkipUnless(SharedData.Exists, SharedData.WhyAbsent);
        int taken = 0, refused = 0;
        foreach (string path in Directory.EnumerateFiles(SharedData.Path("parser"), "*", SearchOption.AllDirectories))
        {
            DicomFile file;
            try { file = DicomFile.Open(path, FileReadOption.ReadAll); }
            catch (DicomException) { continue; }
            if (TryApply(file)) taken++; else refused++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{taken} taken, {refused} refused");
        Assert.True(taken > 0 && refused > 0);
    }

    [Fact]
    public void Deidentifier_FileWithAnyByteChanged_IsTakenOrRefused()
    {
        var random = new Random(7);
        byte[] original = RawDicom.Slice().Sequence(0x00189321, new RawDicom().Text(0x00189328, "FD", "12345678")).File();
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] bytes = (byte[])original.Clone();
            for (int change = 0; change < 3; change++) bytes[random.Next(132, bytes.Length)] = (byte)random.Next(256);
            try { TryApply(DicomFile.Open(new MemoryStream(bytes), FileReadOption.ReadAll)); }
            catch (DicomException) { /* not readable at all */ }
        }
    }

    private static bool TryApply(DicomFile file)
    {
        try
        {
            new Deidentifier(Deidentified.Key).Apply(file).WriteTo(Stream.Null);
            return true;
        }
        catch (InstanceRejectedException rejection)
        {
            Assert.NotEmpty(rejection.Detail);
            Assert.NotEqual(0, rejection.FailureReason);
            return false;
        }
    }
}
