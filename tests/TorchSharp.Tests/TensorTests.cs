namespace TorchSharp.Tests;

public sealed class TensorTests
{
    [Fact]
    public void Indexing_SlicesSelectsAndExpands()
    {
        using var scope = NewDisposeScope();
        var x = arange(24).reshape(2, 3, 4);
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal(23, x[-1, -1, -1].item<long>());
        Assert.Equal([2, 3], x[TensorIndex.Ellipsis, 0].shape);
        Assert.Equal([2, 1, 2], x[TensorIndex.Colon, TensorIndex.Slice(1, 2), TensorIndex.Slice(0, 4, 2)].shape);
        Assert.Equal([2, 1, 3, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([1, 3, 2], x[1.., .., ..^2].shape);
        Assert.Equal([4, 6], x[0, 1, TensorIndex.Tensor(torch.tensor(new long[] { 0, 2 }))].data<long>().ToArray());
        Assert.Equal([20, 21, 22, 23], x[TensorIndex.Tensor(x.gt(19))].data<long>().ToArray());
    }

    [Fact]
    public void Assignment_WritesIntoTheSlice()
    {
        using var scope = NewDisposeScope();
        var x = zeros(3, 3);
        x[1] = ones(3);
        x[TensorIndex.Colon, 2] = torch.tensor(5f);
        x[TensorIndex.Tensor(x.eq(5))] = torch.tensor(7f);
        x[0, 0] = torch.tensor(2f);
        Assert.Equal([2, 0, 7, 1, 1, 7, 0, 0, 7], x.data<float>().ToArray());
    }

    [Fact]
    public void Accessor_FollowsStrides()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(2, 3).t();
        Assert.Equal([0, 3, 1, 4, 2, 5], x.data<long>().ToArray());
        Assert.Equal(4, x.data<long>()[1, 1]);
        x.data<long>()[2, 0] = 9;
        Assert.Equal(9, x[2, 0].item<long>());
        x.data<long>().CopyFrom(new long[] { 6, 5, 4, 3, 2, 1 });
        Assert.Equal([6, 5, 4, 3, 2, 1], x.contiguous().data<long>().ToArray());
        Assert.Throws<IndexOutOfRangeException>(() => x.data<long>()[3, 0]);
    }

    [Fact]
    public void Arrays_OfEveryKind_KeepTheirElementType()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float64, torch.tensor(new[] { 1.0 }).dtype);
        Assert.Equal(float32, torch.tensor(new[] { 1.0 }, float32).dtype);
        Assert.Equal(int64, torch.tensor(5L).dtype);
        Assert.Equal(@bool, torch.tensor(new[] { true }).dtype);
        Assert.Equal([2, 2], torch.from_array(new[,] { { 1f, 2f }, { 3f, 4f } }).shape);
        Assert.Equal([2, 3], torch.tensor(new float[6], [2, 3]).shape);
        Assert.Equal(int64, arange(3).dtype);
        Assert.Equal(float32, arange(0, 1, 0.25).dtype);
        Assert.Equal([0, 0.25f, 0.5f, 0.75f], arange(0, 1, 0.25).data<float>().ToArray());
    }

    [Fact]
    public void Arithmetic_OnEitherSide_AgreesWithNumbers()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 1f, 2f, 4f });
        Assert.Equal([3, 4, 6], (2 + x).data<float>().ToArray());
        Assert.Equal([1, 0, -2], (2 - x).data<float>().ToArray());
        Assert.Equal([2, 1, 0.5f], (2 / x).data<float>().ToArray());
        Assert.Equal([-1, -2, -4], (-x).data<float>().ToArray());
        Assert.Equal([1, 0, 0], (x % 2).data<float>().ToArray());
        Assert.Equal([false, false, true], (x > 2).data<bool>().ToArray());
        Assert.Equal([0, 1, 2], x.div(2, RoundingMode.floor).data<float>().ToArray());
        Assert.Equal([0.5f, 1, 2], x.div(2).data<float>().ToArray());
        Assert.Equal(7, (float)x.sum());
        Assert.Equal([4, 2], x.clamp(2).topk(2).Item1.data<float>().ToArray());
    }

    [Fact]
    public void Bytes_ReadAndWriteInPlace()
    {
        using var x = zeros(2, dtype: int32);
        x.bytes[0] = 7;
        Assert.Equal(7, x[0].item<int>());
        using var stream = new MemoryStream();
        x.WriteBytesToStream(stream);
        using var y = empty(2, dtype: int32);
        stream.Position = 0;
        y.ReadBytesFromStream(stream);
        Assert.True(x.Equals(y));
    }

    [Fact]
    public void GradMode_IsOff_OnlyInsideAndOnThisThread()
    {
        using var scope = NewDisposeScope();
        var x = ones(1).requires_grad_();
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            var elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }
        using (inference_mode()) Assert.False((x * 2).requires_grad);
        Assert.True((x * 2).requires_grad);
    }

    [Theory]
    [InlineData(5L, 7)]
    public void Errors_CarryLibtorchsText(long rows, int columns)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(rows, 3), ones(columns, 2));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (5x3 and 7x2)", Error(() => a.mm(b)));
        Assert.Contains("must match the size of tensor b (2)", Error(() => a.add(b)));
        Assert.Contains("element 0 of tensors does not require grad", Error(() => a.sum().backward()));
        Assert.Contains("Given groups=1, weight of size [2, 3, 3, 3]", Error(() => functional.conv2d(ones(1, 4, 8, 8), ones(2, 3, 3, 3))));
        Assert.Contains("to have 3 channels", Error(() => functional.conv_transpose2d(ones(1, 4, 8, 8), ones(3, 2, 3, 3))));
        Assert.Contains("Padding size should be less than", Error(() => functional.pad(ones(1, 1, 2, 2), (3, 3, 3, 3), PaddingModes.Reflect)));
        Assert.Contains("a leaf Variable that requires grad", Error(() => ones(1).requires_grad_().add_(1)));
        Assert.DoesNotContain("frame #", Error(() => a.mm(b)));
    }

    [Fact]
    public void Reading_AsAnotherType_IsRefused()
    {
        using var x = ones(2);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => x.data<double>()).Message);
        Assert.Contains("must be 1", Assert.Throws<ArgumentException>(() => x.item<float>()).Message);
    }

    private static string Error(Func<Tensor> body) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(body).Message;
    private static string Error(Action body) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(body).Message;
}
