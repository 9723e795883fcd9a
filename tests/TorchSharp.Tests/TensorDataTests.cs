using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Tests;

/// <summary>Tensors and managed memory, element types, devices and the process-wide settings.</summary>
public sealed class TensorDataTests
{
    [Fact]
    public void Arrays_OfOneToFourDimensions_KeepOrderAndType()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1f, 2, 3, 4], from_array(new[,] { { 1f, 2 }, { 3, 4 } }).data<float>().ToArray());
        var cube = new short[2, 3, 4];
        var block = new bool[1, 2, 1, 3];
        (cube[1, 2, 3], block[0, 1, 0, 2]) = (7, true);
        Assert.Equal([2, 3, 4], as_tensor(cube).shape);
        Assert.Equal(7, as_tensor(cube)[1, 2, 3].item<short>());
        Assert.Equal([1, 2, 1, 3], from_array(block).shape);
        Assert.True(from_array(block)[0, 1, 0, 2].item<bool>());
        Assert.Equal(float64, from_array(new int[2, 2], float64).dtype);
        Assert.Equal([2, 1, 1, 2], torch.tensor(new List<int> { 1, 2, 3, 4 }, [2, 1, 1, 2]).shape);
        Assert.Equal([1, 2, 2], torch.tensor(new List<long> { 1, 2, 3, 4 }, 1, 2, 2).shape);
        Assert.Equal([5f, 6], torch.tensor(new Memory<float>([5, 6, 7], 0, 2), [2]).data<float>().ToArray());
        Assert.Equal([2, 2], new[] { 1.0, 2, 3, 4 }.ToTensor([2, 2]).shape);
        Assert.Equal(0, 3f.ToTensor().dim());
        Assert.Contains("the shape wants 24 bytes, not 16", Assert.Throws<ExternalException>(() => torch.tensor(new[] { 1.0, 2 }, [3])).Message);
    }

    [Fact]
    public void ComplexNumbers_GoInAndOut()
    {
        using var scope = NewDisposeScope();
        var z = torch.tensor(new[] { new Complex(1, 2), new Complex(3, -4) });
        Assert.Equal([new Complex(1, 2), new Complex(3, -4)], z.data<Complex>().ToArray());
        Assert.Equal([2.0, -4], z.imag.data<double>().ToArray());
        Assert.Equal(new Complex(1, -2), z.conj().resolve_conj()[0].ToComplexFloat64());
        Assert.True(z.conj().is_conj());
        Assert.Equal((1.5f, 2f), torch.tensor(1.5f, 2f).ToComplexFloat32());
        Assert.Equal(complex128, torch.tensor((1.0, 2.0)).dtype);
        Assert.Equal(new Complex(4, -2), (z.sum()).item<Complex>());
    }

    [Fact]
    public void Buffer_IsTheArraysOwnMemory_AndKeepsItAlive()
    {
        using var scope = NewDisposeScope();
        var array = new[] { 1f, 2, 3, 4 };
        using (var shared = frombuffer(array, float32, 2, 4))
        {
            Assert.Equal([2f, 3], shared.data<float>().ToArray());
            shared.add_(10);
            array[1] = 5;
            Assert.Equal([1f, 5, 13, 4], array);
            Assert.Equal([5f, 13], shared.data<float>().ToArray());
        }
        Assert.Throws<ArgumentException>(() => frombuffer(array, float32, 4, 4));

        var (tensor, weak) = OverForgottenArray();
        GC.Collect();
        Assert.True(weak.IsAlive);
        using (var last = tensor[2]) Assert.Equal(7, last.item<int>());
        tensor.Dispose();
        GC.Collect();
        Assert.False(weak.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Tensor, WeakReference) OverForgottenArray()
    {
        var array = new[] { 5, 6, 7 };
        return (frombuffer(array, int32), new WeakReference(array));
    }

    [Fact]
    public void Elements_AreReadAndWritten_WhereTheyAre()
    {
        using var scope = NewDisposeScope();
        var x = arange(720).reshape(2, 3, 4, 5, 6).unsqueeze(0);
        Assert.Equal(719, x[0, 1, 2, 3, 4, 5].item<long>());
        x[0, 0, 0, 0, 0] = torch.tensor(-1L);
        Assert.Equal(Enumerable.Repeat(-1L, 6), x[0, 0, 0, 0, 0].data<long>().ToArray());
        var corner = x[0, 1, 2][TensorIndex.Slice(1, null, 2), TensorIndex.Slice(step: 4)];
        Assert.Equal(360 + 240 + 30, corner.storage_offset());
        Assert.Equal(corner.reshape(-1).data<long>().ToArray(), corner.data<long>().ToArray());
        Assert.Equal(1.5f, torch.tensor(new[] { (Half)1.5f }).ReadCpuFloat16(0));
        Assert.Equal([3, 4], zeros(3, 4).IntShape().ToArray());
        using var y = zeros(2, 2);
        y.data<float>().CopyFrom([1, 2, 3, 4]);
        y.index_put_(9, TensorIndex.Ellipsis, TensorIndex.Single(-1));
        Assert.Equal([1, 9, 3, 9], y.data<float>().ToArray());
        Assert.Equal([5, 0, 2], y.new_empty(5, 0, 2).shape);
        Assert.Equal(float64, y.empty_like(float64).dtype);
        Assert.Equal([3], empty_strided([2], [3], int32).stride());
    }

    [Fact]
    public void Randomness_StandsInTheGeneratorAlone()
    {
        using var scope = NewDisposeScope();
        using Generator one = new(7), other = new(7);
        Assert.True(rand(5, generator: one).Equals(rand(5, generator: other)));
        manual_seed(3);
        var state = get_rng_state();
        var first = (rand_float(), randn_float(), randint_int(5, 10), randint_long(100), randint_bool(), randperm(5).data<long>().ToArray());
        set_rng_state(state);
        var second = (rand_float(), randn_float(), randint_int(5, 10), randint_long(100), randint_bool(), randperm(5).data<long>().ToArray());
        Assert.Equal(first.ToTuple().ToString()!.Split('[')[0], second.ToTuple().ToString()!.Split('[')[0]);
        Assert.Equal(first.Item6, second.Item6);
        Assert.InRange(first.Item3, 5, 9);
        Assert.Equal(3, initial_seed());
    }

    [Fact]
    public void Types_HaveTheirLimits()
    {
        Assert.Equal((float.MaxValue, 1.1920928955078125e-07, 1.1754943508222875e-38, 32), ((float)finfo(float32).max, finfo(float32).eps, finfo().tiny, finfo().bits));
        Assert.Equal((double.MaxValue, double.MinValue), (finfo(float64).max, finfo(float64).min));
        Assert.Equal((65504, 6.103515625e-05, 0.0009765625), (finfo(float16).max, finfo(float16).smallest_normal, finfo(float16).eps));
        Assert.Equal((3.3895313892515355e+38, 0.0078125, 1e-2), (finfo(bfloat16).max, finfo(bfloat16).eps, finfo(bfloat16).resolution));
        Assert.Throws<ArgumentException>(() => finfo(int32));
        Assert.Equal((255, 127, long.MaxValue), (max_int_value(uint8), max_int_value(int8), max_int_value(int64)));
        Assert.Equal((float64, float32, int64), (promote_types(float32, float64), promote_types(int64, float32), promote_types(uint8, int64)));
        Assert.True(can_cast(int32, float32));
        Assert.False(can_cast(float32, int32));
        Assert.Equal([4, 3, 6], broadcast_shapes([3, 1], [6], [4, 1, 6]).Shape);
        Assert.Throws<ArgumentException>(() => broadcast_shapes([3], [4]));
    }

    [Fact]
    public void DefaultType_IsWhatCreationUses()
    {
        using var scope = NewDisposeScope();
        set_default_dtype(float64);
        try
        {
            Assert.All([zeros(1), rand(1), linspace(0, 1, 2), torch.eye(2), hann_window(3), fft.fftfreq(3), arange(0, 1, 0.5)], t => Assert.Equal(float64, t.dtype));
            Assert.Equal(int64, arange(3).dtype);
        }
        finally { set_default_dtype(float32); }
        Assert.Equal(float32, zeros(1).dtype);
    }

    [Fact]
    public void Devices_ThatAreNotThere_AreRefused()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((false, false, 0, false), (cuda.is_available(), cuda_is_available(), cuda.device_count(), mps_is_available()));
        Assert.True(TryInitializeDeviceType(DeviceType.CPU));
        Assert.False(TryInitializeDeviceType(DeviceType.CUDA));
        Assert.Throws<InvalidOperationException>(() => InitializeDevice(CUDA));
        Assert.Equal(DeviceType.CPU, InitializeDevice(null).type);
        cuda.manual_seed_all(1);
        Assert.Contains("cuda", Assert.Throws<ExternalException>(() => ones(1).cuda()).Message);
        Assert.Contains("mps", Assert.Throws<ExternalException>(() => ones(1).mps()).Message);
        Assert.Throws<ExternalException>(() => zeros(1, device: CUDA));
        Assert.Throws<ExternalException>(() => ones(1).pin_memory());
        Assert.False(ones(1).is_pinned());
        Assert.True(zeros(2, device: META).is_meta);
    }

    [Fact]
    public void Switches_HoldUntilTheyAreRestored()
    {
        using var scope = NewDisposeScope();
        using (use_deterministic_algorithms(warn_only: true))
            Assert.True(are_deterministic_algorithms_enabled() && is_deterministic_algorithms_warn_only_enabled());
        Assert.False(are_deterministic_algorithms_enabled() || is_deterministic_algorithms_warn_only_enabled());
        using (set_float32_matmul_precision(Float32MatmulPrecision.medium)) Assert.Equal(Float32MatmulPrecision.medium, get_float32_matmul_precision());
        Assert.Equal(Float32MatmulPrecision.highest, get_float32_matmul_precision());
        Assert.True(backends.cuda.flash_sdp_enabled() && backends.cuda.math_sdp_enabled());
        var before = backends.cuda.matmul.allow_tf32;
        backends.cuda.matmul.allow_tf32 = !before;
        Assert.Equal(!before, backends.cuda.matmul.allow_tf32);
        backends.cuda.matmul.allow_tf32 = before;
        Assert.True(get_num_interop_threads() > 0);
    }
}
