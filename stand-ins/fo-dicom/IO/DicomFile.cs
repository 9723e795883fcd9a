using System.Text;
using FellowOakDicom.IO;
using FellowOakDicom.IO.Writer;

namespace FellowOakDicom;

/// <summary>
/// A DICOM file (PS3.10). Reading throws <see cref="DicomFileException"/> for whatever is wrong with the bytes, in memory that
/// their true number bounds. Preamble content is neither kept nor written.
/// </summary>
public partial class DicomFile
{
    public DicomFile() : this(new DicomDataset(), new DicomFileMetaInformation()) { }
    public DicomFile(DicomDataset dataset) : this(dataset, new DicomFileMetaInformation(dataset)) { }

    private DicomFile(DicomDataset dataset, DicomFileMetaInformation meta) =>
        (Dataset, FileMetaInfo, Format) = (dataset, meta, DicomFileFormat.DICOM3);

    public DicomFileFormat Format { get; protected set; }
    public DicomFileMetaInformation FileMetaInfo { get; protected set; }
    public DicomDataset Dataset { get; protected set; }

    /// <summary>Reading was stopped before the end.</summary>
    public bool IsPartial { get; protected set; }

    /// <param name="largeObjectSize">Size in bytes from which a value counts as large; 0 for 64 KiB.</param>
    /// <exception cref="DicomFileException">The bytes are no well-formed DICOM file.</exception>
    public static DicomFile Open(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    /// <param name="fallbackEncoding">For texts where no character set is named.</param>
    /// <param name="stop">Ends the reading before an element of any depth where it returns true.</param>
    public static DicomFile Open(string fileName, Encoding fallbackEncoding, Func<ParseState, bool> stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0)
    {
        ArgumentNullException.ThrowIfNull(fallbackEncoding);
        try
        {
            using var stream = File.OpenRead(fileName);
            return Read(new ByteSource(stream, fileName), fallbackEncoding, stop, readOption, largeObjectSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DicomFileException(new DicomFile(), e.Message, e);
        }
    }

    public static DicomFile Open(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Open(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static DicomFile Open(Stream stream, Encoding fallbackEncoding, Func<ParseState, bool> stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0)
    {
        ArgumentNullException.ThrowIfNull(fallbackEncoding);
        return Read(new ByteSource(stream), fallbackEncoding, stop, readOption, largeObjectSize);
    }

    public static Task<DicomFile> OpenAsync(string fileName, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(fileName, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static Task<DicomFile> OpenAsync(string fileName, Encoding fallbackEncoding, Func<ParseState, bool> stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        Task.Run(() => Open(fileName, fallbackEncoding, stop, readOption, largeObjectSize));

    public static Task<DicomFile> OpenAsync(Stream stream, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0) =>
        OpenAsync(stream, DicomEncoding.Default, null, readOption, largeObjectSize);

    public static async Task<DicomFile> OpenAsync(Stream stream, Encoding fallbackEncoding, Func<ParseState, bool> stop = null, FileReadOption readOption = FileReadOption.Default, int largeObjectSize = 0)
    {
        ArgumentNullException.ThrowIfNull(fallbackEncoding);
        if (stream is MemoryStream or FileStream) return Open(stream, fallbackEncoding, stop, readOption, largeObjectSize);
        // Network streams may forbid synchronous reads.
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy).ConfigureAwait(false);
        copy.Position = 0;
        return Open(copy, fallbackEncoding, stop, readOption == FileReadOption.ReadLargeOnDemand ? FileReadOption.ReadAll : readOption, largeObjectSize);
    }

    /// <summary>Whether the file has a preamble and the letters DICM.</summary>
    public static bool HasValidHeader(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var head = new byte[132];
            return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan(128).SequenceEqual("DICM"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Writes in the transfer syntax of <see cref="FileMetaInfo"/>.</summary>
    /// <exception cref="DicomFileException">An ACR-NEMA file.</exception>
    public void Save(Stream stream, DicomWriteOptions options = null)
    {
        Prepare();
        FileWriter.Write(FileMetaInfo, Dataset, stream, options);
    }

    public void Save(string fileName, DicomWriteOptions options = null)
    {
        Prepare();
        // Values may still lie in the very file that is overwritten.
        var made = fileName + ".part";
        try
        {
            using (var stream = File.Create(made)) FileWriter.Write(FileMetaInfo, Dataset, stream, options);
            File.Move(made, fileName, overwrite: true);
        }
        finally
        {
            File.Delete(made);
        }
    }

    public async Task SaveAsync(Stream stream, DicomWriteOptions options = null)
    {
        using var made = new MemoryStream();
        Save(made, options);
        made.Position = 0;
        await made.CopyToAsync(stream).ConfigureAwait(false);
    }

    public Task SaveAsync(string fileName, DicomWriteOptions options = null) => Task.Run(() => Save(fileName, options));

    public override string ToString() => $"DICOM File [{Format}]";

    /// <summary>Is called before the file is written.</summary>
    protected virtual void OnSave() { }

    internal static DicomFile From(DicomFile original) => new(original.Dataset.Clone(), new DicomFileMetaInformation(original.FileMetaInfo))
    {
        Format = original.Format,
        IsPartial = original.IsPartial,
    };

    private static DicomFile Read(ByteSource source, Encoding fallback, Func<ParseState, bool> stop, FileReadOption option, int largeObjectSize)
    {
        var settings = new ReadSettings(fallback, stop, option, largeObjectSize > 0 ? (uint)largeObjectSize : ReadSettings.DefaultLargeSize);
        var reader = new FileReader(source, settings);
        try
        {
            reader.Read();
        }
        catch (Exception e) when (e is DicomException or IOException)
        {
            throw new DicomFileException(Made(reader), e.Message, e);
        }
        return Made(reader);
    }

    private static DicomFile Made(FileReader reader)
    {
        (reader.Meta.AutoValidate, reader.Dataset.AutoValidate) = (true, true);
        return new DicomFile(reader.Dataset, reader.Meta) { Format = reader.Format, IsPartial = reader.Stopped };
    }

    private void Prepare()
    {
        if (Format is DicomFileFormat.ACRNEMA1 or DicomFileFormat.ACRNEMA2) throw new DicomFileException(this, "Unable to save ACR-NEMA file");
        FileMetaInfo = Format == DicomFileFormat.DICOM3NoFileMetaInfo ? new DicomFileMetaInformation(Dataset) : new DicomFileMetaInformation(FileMetaInfo);
        OnSave();
    }
}

public static class DicomFileExtensions
{
    /// <summary>Copies sequences, shares elements.</summary>
    public static DicomFile Clone(this DicomFile original) => DicomFile.From(original);
}
