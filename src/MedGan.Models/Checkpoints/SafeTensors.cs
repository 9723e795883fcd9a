using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace MedGan.Models.Checkpoints;

/// <summary>
/// The safetensors format (huggingface.co/docs/safetensors): eight bytes little-endian header length, a JSON header
/// {name: {"dtype", "shape", "data_offsets": [begin, end]}}, then the values, little-endian, row-major, without gaps.
/// Holds no code: reading an untrusted file can fail but not run anything.
/// </summary>
public static class SafeTensors
{
    private const long LargestHeader = 100_000_000;

    private static readonly (string Name, ScalarType Type, int Bytes)[] Types =
    [
        ("F32", ScalarType.Float32, 4), ("F64", ScalarType.Float64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Writes the tensors, those of wide elements first, which aligns all values, then by name: the same tensors give the same bytes.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var names = tensors.Keys.OrderByDescending(name => tensors[name].element_size()).ThenBy(name => name, StringComparer.Ordinal).ToArray();
        var header = Header(names, tensors);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var name in names)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensors[name].detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>Reads every tensor, on the CPU; they belong to the caller.</summary>
    /// <exception cref="InvalidDataException">Not a safetensors file, or one that contradicts itself.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream)
    {
        var entries = ReadHeader(stream);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        using var scope = NewDisposeScope();
        foreach (var entry in entries)
        {
            var tensor = empty(entry.Shape, dtype: entry.Type);
            if (entry.Bytes > 0) Fill(stream, tensor, entry);
            tensors.Add(entry.Name, tensor);
        }
        if (stream.ReadByte() >= 0) throw new InvalidDataException("The safetensors file goes on after its last tensor.");
        foreach (var tensor in tensors.Values) tensor.MoveToOuterDisposeScope();
        return tensors;
    }

    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Write(stream, tensors);
        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc cref="Read(Stream)"/>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        try
        {
            return Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    private static void Fill(Stream stream, Tensor tensor, Entry entry)
    {
        try
        {
            stream.ReadExactly(tensor.bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The safetensors file ends inside {entry.Name}.", e);
        }
    }

    private static byte[] Header(string[] names, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            var offset = 0L;
            json.WriteStartObject();
            foreach (var name in names)
            {
                var tensor = tensors[name];
                var type = Types.FirstOrDefault(t => t.Type == tensor.dtype);
                if (type.Name is null) throw new NotSupportedException($"{name}: safetensors cannot hold {tensor.dtype}.");
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Name);
                json.WriteStartArray("shape");
                foreach (var size in tensor.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.numel() * type.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (text.Length % 8 != 0) text.WriteByte((byte)' ');
        return text.ToArray();
    }

    private static List<Entry> ReadHeader(Stream stream)
    {
        var start = new byte[8];
        if (stream.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8) throw new InvalidDataException("Not a safetensors file: shorter than eight bytes.");
        var length = BinaryPrimitives.ReadInt64LittleEndian(start);
        if (length is < 2 or > LargestHeader || (stream.CanSeek && length > stream.Length - stream.Position)) throw new InvalidDataException($"Not a safetensors file: a header of {length} bytes.");
        var text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length) throw new InvalidDataException("The safetensors file ends inside its header.");
        if (text[0] != '{') throw new InvalidDataException("Not a safetensors file: its header does not start with a brace.");
        var entries = Entries(text);
        // before memory is set aside for what the file does not hold
        var bytes = entries.Aggregate(Int128.Zero, (sum, entry) => sum + entry.Bytes);
        if (stream.CanSeek && bytes > stream.Length - stream.Position) throw new InvalidDataException($"The safetensors file ends early: its tensors have {bytes} bytes, it has {stream.Length - stream.Position}.");
        return entries;
    }

    private static List<Entry> Entries(byte[] header)
    {
        var entries = new List<Entry>();
        try
        {
            using var document = JsonDocument.Parse(header);
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (!names.Add(field.Name)) throw new InvalidDataException($"{field.Name}: named twice.");
                if (field.Name == "__metadata__") CheckMetadata(field.Value);
                else entries.Add(EntryOf(field.Name, field.Value));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // not JSON, or not UTF-8
        {
            throw new InvalidDataException("Not a safetensors file: its header is not JSON.", e);
        }
        entries.Sort((x, y) => (x.Offset, x.Bytes).CompareTo((y.Offset, y.Bytes)));
        var expected = 0L;
        foreach (var entry in entries)
        {
            if (entry.Offset != expected) throw new InvalidDataException($"{entry.Name}: the values do not follow each other without gap or overlap.");
            expected += entry.Bytes;
        }
        return entries;
    }

    private static Entry EntryOf(string name, JsonElement field)
    {
        if (field.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"{name}: neither a tensor nor metadata.");
        var typeName = field.TryGetProperty("dtype", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        var type = Types.FirstOrDefault(t => t.Name == typeName);
        if (type.Name is null) throw new InvalidDataException($"{name}: unknown element type {typeName ?? "(none)"}.");
        var (shape, offsets) = (Numbers(name, field, "shape"), Numbers(name, field, "data_offsets"));
        if (offsets.Length != 2) throw new InvalidDataException($"{name}: its data_offsets are not two.");
        try
        {
            var bytes = shape.Aggregate((Int128)type.Bytes, (product, size) => checked(product * size));
            if (bytes == (Int128)offsets[1] - offsets[0] && bytes <= int.MaxValue) return new Entry(name, type.Type, shape, offsets[0], (long)bytes);
        }
        catch (OverflowException)
        {
        }
        throw new InvalidDataException($"{name}: its shape and its offsets disagree, or it is larger than 2 GiB.");
    }

    private static long[] Numbers(string name, JsonElement field, string what)
    {
        if (!field.TryGetProperty(what, out var list) || list.ValueKind != JsonValueKind.Array) throw new InvalidDataException($"{name}: it has no {what}.");
        return [.. list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out var number) && number >= 0 ? number
            : throw new InvalidDataException($"{name}: its {what} must be whole numbers of at least 0, not {e.GetRawText()}."))];
    }

    private static void CheckMetadata(JsonElement metadata)
    {
        if (metadata.ValueKind != JsonValueKind.Object || metadata.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
            throw new InvalidDataException("__metadata__: it must hold texts.");
    }

    private sealed record Entry(string Name, ScalarType Type, long[] Shape, long Offset, long Bytes);
}
