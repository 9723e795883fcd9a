using System.Text;
using System.Text.Json;
using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Models.Tests.Checkpoints;

public class SafeTensorsTests
{
    [Fact]
    public void WrittenFile_IsReadByAnIndependentReader()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var matrix = tensor(new float[] { 1, -2, 3.5f, 4, float.Epsilon, 6 }, [2, 3]);
        SafeTensors.Write(folder["x"], new Dictionary<string, Tensor> { ["b.matrix"] = matrix, ["a.count"] = tensor(new long[] { 7 }, [1]) });

        var arrays = PlainReader.Read(File.ReadAllBytes(folder["x"]));
        Assert.Equal(["a.count", "b.matrix"], arrays.Keys.Order());
        Assert.Equal(("F32", "2,3"), (arrays["b.matrix"].Type, arrays["b.matrix"].Shape));
        Assert.Equal([1, -2, 3.5f, 4, float.Epsilon, 6], PlainReader.Floats(arrays["b.matrix"].Bytes));
        Assert.Equal(("I64", 7L), (arrays["a.count"].Type, BitConverter.ToInt64(arrays["a.count"].Bytes)));
    }

    [Fact]
    public void Tensors_RoundTrip_ToTheBit()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var values = Enumerable.Range(0, 60).Select(i => BitConverter.Int32BitsToSingle(i * 71_234_567)).ToArray();
        var part = tensor(values, [5, 12]).narrow(1, 2, 7); // not contiguous
        SafeTensors.Write(stream, new Dictionary<string, Tensor> { ["part"] = part, ["none"] = zeros([0, 3]), ["scalar"] = tensor(2.5f) });
        stream.Position = 0;
        var read = SafeTensors.Read(stream);
        Assert.Equal([5, 7], read["part"].shape);
        Assert.Equal(part.contiguous().bytes.ToArray(), read["part"].bytes.ToArray());
        Assert.Equal([0, 3], read["none"].shape);
        Assert.Equal(2.5f, read["scalar"].ToSingle());
    }

    [Fact]
    public void SameTensors_GiveTheSameBytes_WhateverTheirOrder()
    {
        using var scope = NewDisposeScope();
        var (one, two) = (ones([3]), zeros([2]));
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        SafeTensors.Write(first, new Dictionary<string, Tensor> { ["one"] = one, ["two"] = two });
        SafeTensors.Write(second, new Dictionary<string, Tensor> { ["two"] = two, ["one"] = one });
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}")] // shape and offsets disagree
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}")] // gap
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")] // ends early
    [InlineData("{\"x\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}")] // unknown type
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}")] // negative size
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904,16],\"data_offsets\":[0,4]}}")] // overflow
    [InlineData("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}")] // twice
    [InlineData("{\"x\":{\"shape\":[1]}}")]
    [InlineData("{}")] // four bytes left over
    [InlineData("[1,2]")]
    public void FileThatContradictsItself_IsRefused(string header)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]);
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(stream));
    }

    [Fact]
    public void HeaderLength_BeyondTheFile_IsRefusedWithoutAllocating()
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes(90_000_000L), 0]);
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(stream));
    }
}

/// <summary>Reads safetensors by its published description alone, sharing no line with the product.</summary>
internal static class PlainReader
{
    public static Dictionary<string, (string Type, string Shape, byte[] Bytes)> Read(byte[] file)
    {
        var length = (int)BitConverter.ToUInt64(file, 0);
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, length));
        var arrays = new Dictionary<string, (string, string, byte[])>();
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            var offsets = entry.Value.GetProperty("data_offsets");
            var (begin, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
            var shape = string.Join(',', entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
            arrays.Add(entry.Name, (entry.Value.GetProperty("dtype").GetString()!, shape, file[(8 + length + begin)..(8 + length + end)]));
        }
        return arrays;
    }

    public static float[] Floats(byte[] bytes) => [.. bytes.Chunk(4).Select(four => BitConverter.ToSingle(four))];
}
