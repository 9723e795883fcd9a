using TorchSharp;
using static TorchSharp.torch;

namespace MedGan.Bench;

/// <summary>
/// The arithmetic that a CycleGAN step asks for: two operations for each multiplication of its convolutions, forwards and for both gradients; nothing else
/// is counted, nor what a program does besides.
/// </summary>
internal static class StepArithmetic
{
    /// <summary>Of a batch of one with the identity term, as <c>pytorch_translation.py</c> has it.</summary>
    public static double Operations(int size, int width, int blocks, int discriminatorWidth)
    {
        var (generator, generatorFirst) = Generator(size, width, blocks);
        var (judge, judgeFirst) = Discriminator(size, discriminatorWidth);
        // Three times a forward pass, less the first layer's gradient of its input where that is an image from outside:
        // twice a translation and an identity from outside, twice a translation back; two judgements of translations without gradients of weights; four with, from outside.
        return 2 * (2 * (3 * generator - generatorFirst) + 3 * generator) + 2 * 2 * judge + 4 * (3 * judge - judgeFirst);
    }

    /// <summary>The highest rate of operations a second that libtorch reaches here in bfloat16: in products of matrices, and in convolutions of the best shapes.</summary>
    public static double MeasuredPeak(int threads)
    {
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Tensor Random(params long[] shape) => rand(shape).to(ScalarType.BFloat16);
        static double Rate(double operations, Func<Tensor> work) => operations / Enumerable.Range(0, 30).Min(_ => Seconds(() => work().Dispose()));
        double Product(long n)
        {
            var (a, b) = (Random(n, n), Random(n, n));
            return Rate(2.0 * n * n * n, () => a.matmul(b));
        }
        double Convolution(long batch, long channels, long size)
        {
            var (x, w) = (Random(batch, size, size, channels).permute(0, 3, 1, 2), Random(channels, 3, 3, channels).permute(0, 3, 1, 2));
            return Rate(2.0 * batch * size * size * 9 * channels * channels, () => nn.functional.conv2d(x, w, padding: [1, 1]));
        }
        return new[] { Product(512), Product(1024), Product(1536), Convolution(1, 128, 64), Convolution(4, 128, 32), Convolution(2, 256, 64) }.Max();
    }

    public static double Seconds(Action work)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        work();
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static (double All, double First) Generator(int size, int w, int blocks)
    {
        double Layer(int rows, int kernel, int from, int to) => 2.0 * rows * rows * kernel * kernel * from * to;
        var first = Layer(size, 7, 1, w);
        var middle = Layer(size / 2, 3, w, 2 * w) + Layer(size / 4, 3, 2 * w, 4 * w) + 2 * blocks * Layer(size / 4, 3, 4 * w, 4 * w);
        // a transposed convolution multiplies each pixel of its input with the whole kernel
        var up = Layer(size / 4, 3, 4 * w, 2 * w) + Layer(size / 2, 3, 2 * w, w) + Layer(size, 7, w, 1);
        return (first + middle + up, first);
    }

    private static (double All, double First) Discriminator(int size, int w)
    {
        double Layer(int rows, int from, int to) => 2.0 * rows * rows * 4 * 4 * from * to;
        var first = Layer(size / 2, 1, w);
        return (first + Layer(size / 4, w, 2 * w) + Layer(size / 8, 2 * w, 4 * w) + Layer(size / 8 - 1, 4 * w, 8 * w) + Layer(size / 8 - 2, 8 * w, 1), first);
    }
}
