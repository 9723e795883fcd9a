using System.Text;
using System.Text.Json;
using MedGan.Models.Checkpoints;
using MedGan.Models.Tests.Training;
using MedGan.Testing;
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

        var arrays = PlainReader.Read(System.IO.File.ReadAllBytes(folder["x"]));
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
    [InlineData(ScalarType.Float32, "F32", 4)]
    [InlineData(ScalarType.Float64, "F64", 8)]
    [InlineData(ScalarType.Float16, "F16", 2)]
    [InlineData(ScalarType.BFloat16, "BF16", 2)]
    [InlineData(ScalarType.Int64, "I64", 8)]
    [InlineData(ScalarType.Int32, "I32", 4)]
    [InlineData(ScalarType.Int16, "I16", 2)]
    [InlineData(ScalarType.Int8, "I8", 1)]
    [InlineData(ScalarType.Byte, "U8", 1)]
    [InlineData(ScalarType.Bool, "BOOL", 1)]
    public void EveryType_RoundTrips_UnderItsName(ScalarType type, string name, int width)
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        var values = tensor(new float[] { 0, 1, 2, 100, 1, 7 }, [3, 2]).to(type);
        SafeTensors.Write(stream, new Dictionary<string, Tensor> { ["x"] = values, ["empty"] = zeros([2, 0, 3], dtype: type) });

        var plain = PlainReader.Read(stream.ToArray());
        Assert.Equal((name, "3,2", 6 * width), (plain["x"].Type, plain["x"].Shape, plain["x"].Bytes.Length));
        Assert.Equal((name, "2,0,3", 0), (plain["empty"].Type, plain["empty"].Shape, plain["empty"].Bytes.Length));
        stream.Position = 0;
        var read = SafeTensors.Read(stream);
        Assert.Equal((type, type), (read["x"].dtype, read["empty"].dtype));
        Assert.Equal(values.bytes.ToArray(), read["x"].bytes.ToArray());
        Assert.Equal([2, 0, 3], read["empty"].shape);
    }

    [Fact]
    public void Header_AndEveryValue_AreAligned()
    {
        using var scope = NewDisposeScope();
        for (var length = 1; length < 20; length++)
        {
            using var stream = new MemoryStream();
            SafeTensors.Write(stream, new Dictionary<string, Tensor>
            {
                ["a"] = ones([3], dtype: ScalarType.Byte), [new string('b', length)] = ones([3], dtype: ScalarType.Float32), ["c"] = ones([1], dtype: ScalarType.Int64), ["d"] = ones([1], dtype: ScalarType.Float16),
            });
            var file = stream.ToArray();
            Assert.Equal(0, BitConverter.ToInt64(file) % 8);
            var plain = PlainReader.Read(file);
            Assert.Equal([8, 12, 2, 3], plain.Values.Select(v => v.Bytes.Length)); // wide elements first
        }
    }

    [Fact]
    public void NoTensorAtAll_RoundTrips()
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, new Dictionary<string, Tensor>());
        stream.Position = 0;
        Assert.Empty(SafeTensors.Read(stream));
    }

    [Fact]
    public void Metadata_OfOtherTools_IsPassedOver()
    {
        using var scope = NewDisposeScope();
        var read = SafeTensors.Read(File("{\"__metadata__\":{\"format\":\"pt\"},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   "));
        Assert.Equal(["x"], read.Keys);
    }

    [Fact]
    public void TypeThatTheFormatLacks_IsRefused()
    {
        using var scope = NewDisposeScope();
        var e = Assert.Throws<NotSupportedException>(() => SafeTensors.Write(new MemoryStream(), new Dictionary<string, Tensor> { ["z"] = zeros([1], dtype: ScalarType.ComplexFloat32) }));
        Assert.Contains("z: safetensors cannot hold ComplexFloat32", e.Message);
    }

    /// <summary>Header and what its refusal says; four bytes of values follow.</summary>
    public static TheoryData<string, string> Malformed => new()
    {
        { "", "a header of 0 bytes" },
        { "{", "a header of 1 bytes" },
        { "[1,2]", "does not start with a brace" },
        { " {}", "does not start with a brace" },
        { "null", "does not start with a brace" },
        { "\uFEFF{}", "does not start with a brace" },
        { "{]", "not JSON" },
        { "{} x", "not JSON" },
        { "{}{}", "not JSON" },
        { "{\"x\":", "not JSON" },
        { "{'x':1}", "not JSON" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},}", "not JSON" },
        { "{\"\\uD800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "not JSON" },
        { "{\"x\":" + new string('[', 100) + new string(']', 100) + "}", "not JSON" },
        { "{}", "goes on after its last tensor" },
        { "{\"x\":1}", "x: neither a tensor nor metadata" },
        { "{\"x\":null}", "x: neither a tensor nor metadata" },
        { "{\"x\":[]}", "x: neither a tensor nor metadata" },
        { "{\"x\":{}}", "x: unknown element type (none)" },
        { "{\"x\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]}}", "x: unknown element type (none)" },
        { "{\"x\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", "x: unknown element type F31" },
        { "{\"x\":{\"dtype\":\"f32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "x: unknown element type f32" },
        { "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", "x: it has no shape" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}", "x: it has no shape" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}}", "x: its shape must be whole numbers" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "x: its shape must be whole numbers" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}", "x: its shape must be whole numbers" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[18446744073709551617],\"data_offsets\":[0,4]}}", "x: its shape must be whole numbers" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1]}}", "x: it has no data_offsets" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", "x: its data_offsets are not two" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", "x: its data_offsets are not two" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", "x: its data_offsets must be whole numbers" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", "x: its shape and its offsets disagree" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "x: its shape and its offsets disagree" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904,16],\"data_offsets\":[0,4]}}", "x: its shape and its offsets disagree" },
        { "{\"x\":{\"dtype\":\"U8\",\"shape\":[4294967296],\"data_offsets\":[0,4294967296]}}", "larger than 2 GiB" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "x: the values do not follow each other" },
        { "{\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"y\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}", "y: the values do not follow each other" },
        { "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}", "y: the values do not follow each other" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "ends early: its tensors have 8 bytes, it has 4" },
        { "{\"x\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}", "goes on after its last tensor" },
        { "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}", "x: named twice" },
        { "{\"__metadata__\":7}", "__metadata__: it must hold texts" },
        { "{\"__metadata__\":{\"a\":1}}", "__metadata__: it must hold texts" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void FileThatContradictsItself_IsRefused_WithTheReason(string header, string reason)
    {
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => SafeTensors.Read(File(header))).Message);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void HeaderThatIsNotUtf8_IsRefused()
    {
        byte[] header = [.. "{\"x"u8, 0xC3, 0x28, .. "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"u8];
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream([.. BitConverter.GetBytes((long)header.Length), .. header, 0, 0, 0, 0])));
    }

    [Theory]
    [InlineData(0, "shorter than eight bytes")]
    [InlineData(7, "shorter than eight bytes")]
    [InlineData(20, "a header of")]
    [InlineData(-1, "ends early")]
    public void FileThatEndsEarly_IsRefused_WithItsName(int bytes, string reason)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        SafeTensors.Write(folder["weights.safetensors"], new Dictionary<string, Tensor> { ["x"] = ones([5]) });
        var whole = System.IO.File.ReadAllBytes(folder["weights.safetensors"]);
        System.IO.File.WriteAllBytes(folder["weights.safetensors"], whole[..(bytes < 0 ? whole.Length + bytes : bytes)]);
        var message = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(folder["weights.safetensors"])).Message;
        Assert.Contains("weights.safetensors: ", message);
        Assert.Contains(reason, message);
    }

    [Theory]
    [InlineData(90_000_000L)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void HeaderLength_BeyondTheFile_IsRefusedWithoutAllocating(long length)
    {
        using var stream = new MemoryStream([.. BitConverter.GetBytes(length), (byte)'{', (byte)'}']);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(stream));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task Numpy_ReadsTheSameSums()
    {
        Assert.SkipUnless(System.IO.File.Exists("/usr/bin/python3"), "There is no Python.");
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, Tensor>
        {
            ["flags"] = tensor(new[] { true, false, true }), ["bytes"] = arange(0, 250, dtype: ScalarType.Byte), ["half"] = arange(0, 33).to(ScalarType.Float16) / 8,
            ["brain"] = (arange(0, 60).to(ScalarType.Float32).reshape(3, 4, 5) / 4).to(ScalarType.BFloat16), ["single"] = arange(-7, 90).to(ScalarType.Float32) / 16,
            ["double"] = (arange(0, 11).to(ScalarType.Float64) * Math.Pow(2, 600)).reshape(11, 1), ["long"] = tensor(new[] { -5L, 1L << 50 }), ["none"] = zeros([0, 4]), ["scalar"] = tensor(-2.5f),
        };
        SafeTensors.Write(folder["all.safetensors"], tensors);
        var (code, output, error) = await BuiltProgram.RunAsync("/usr/bin/python3", [Path.Combine(BuiltProgram.Root, "bench/peers/safetensors_sums.py"), folder["all.safetensors"]], TestContext.Current.CancellationToken);
        Assert.SkipWhen(error.Contains("No module named 'numpy'", StringComparison.Ordinal), "There is no numpy.");
        Assert.True(code == 0, error);
        var read = JsonDocument.Parse(output).RootElement.GetProperty(folder["all.safetensors"]);
        Assert.Equal(tensors.Count, read.EnumerateObject().Count());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.shape, read.GetProperty(name)[1].EnumerateArray().Select(size => size.GetInt64()));
            Assert.Equal(tensor.to(ScalarType.Float64).sum().ToDouble(), read.GetProperty(name)[2].GetDouble());
        }
    }

    private static MemoryStream File(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return new MemoryStream([.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0]);
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
