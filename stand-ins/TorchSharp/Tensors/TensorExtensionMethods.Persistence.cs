namespace TorchSharp;

public static partial class TensorExtensionMethods
{
    /// <summary>Writes element type, shape and elements; <see cref="Load(BinaryReader,bool)"/> reads them back.</summary>
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using var scope = torch.NewDisposeScope();
        using var unrecorded = torch.no_grad();
        var plain = tensor.detach().cpu().contiguous();
        writer.Write7BitEncodedInt64((int)plain.dtype);
        var shape = plain.shape;
        writer.Write7BitEncodedInt64(shape.Length);
        foreach (var extent in shape) writer.Write7BitEncodedInt64(extent);
        writer.Write(plain.bytes);
    }

    public static void Save(this torch.Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
    }

    public static void Save(this torch.Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    /// <summary>Reads into a tensor that has the stored element type and shape already.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (!skip && (type != tensor.dtype || !shape.AsSpan().SequenceEqual(tensor.shape)))
            throw new ArgumentException($"The stored tensor is {type} [{string.Join(", ", shape)}], the target is {tensor.dtype} [{string.Join(", ", tensor.shape)}].");
        using var stored = ReadElements(reader, type, shape);
        if (skip) return;
        using var unrecorded = torch.no_grad();
        tensor.copy_(stored);
    }

    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        var stored = ReadElements(reader, type, shape);
        if (!skip) return stored;
        stored.Dispose();
        return null!;
    }

    private static (torch.ScalarType type, long[] shape) ReadHeader(BinaryReader reader)
    {
        var type = (torch.ScalarType)reader.Read7BitEncodedInt64();
        if (!Enum.IsDefined(type)) throw new InvalidDataException($"The file names an element type {(int)type}, which does not exist.");
        var dimensions = reader.Read7BitEncodedInt64();
        if (dimensions is < 0 or > 64) throw new InvalidDataException($"The file names {dimensions} dimensions.");
        var shape = new long[dimensions];
        for (var d = 0; d < shape.Length; d++) shape[d] = reader.Read7BitEncodedInt64();
        return (type, shape);
    }

    private static torch.Tensor ReadElements(BinaryReader reader, torch.ScalarType type, long[] shape)
    {
        var tensor = torch.empty(shape, type);
        reader.BaseStream.ReadExactly(tensor.bytes);
        return tensor;
    }
}

public static partial class torch
{
    public partial class Tensor
    {
        public void save(string location) => TensorExtensionMethods.Save(this, location);

        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);
        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            return Load(reader);
        }
        public static Tensor Load(string location)
        {
            using var stream = File.OpenRead(location);
            return Load(stream);
        }
        public static Tensor load(string location) => Load(location);
    }

    public static void save(Tensor t, string location) => t.save(location);
    public static Tensor load(string location) => Tensor.Load(location);
}
