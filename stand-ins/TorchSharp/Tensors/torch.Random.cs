using TorchSharp.Native;

namespace TorchSharp;

// Random tensors and numbers.
public static partial class torch
{
    public static Tensor bernoulli(Tensor input, Generator? generator = null) => input.bernoulli(generator);
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null) => input.multinomial(num_samples, replacement, generator);
    public static Tensor binomial(Tensor count, Tensor probs, Generator? generator = null) => count.binomial(probs, generator);
    public static Tensor poisson(Tensor input, Generator? generator = null) => input.poisson(generator);
    public static Tensor rand_out(Tensor input, params long[] sizes) => input.rand_out(sizes);
    public static Tensor randint_out(Tensor input, long high, long[] sizes) => input.randint_out(high, sizes);
    public static Tensor randperm_out(Tensor input, long n) => input.randperm_out(n);
    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint((long)low, high, size.Select(s => (long)s).ToArray(), dtype, device, requires_grad, generator, names);
    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        randint(0, high, size, dtype, device, requires_grad, generator, names);
    public static Tensor randint_like(Tensor input, long low, long high, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Aten.Tensor("randint_like.low_dtype", input, low, high, dtype, Arg.None, device), requires_grad);
    public static Tensor randperm(long n, Tensor @out, Generator? generator = null)
    {
        Aten.Void("randperm.generator_out", n, generator, @out);
        return @out;
    }
    public static Tensor _standard_gamma(Tensor input, Generator? generator = null) => Aten.Tensor("_standard_gamma", input, generator);
    public static Tensor _sample_dirichlet(Tensor input, Generator? generator = null) => Aten.Tensor("_sample_dirichlet", input, generator);

    // One number, drawn as a tensor of one element would be.
    public static double rand_float(Generator? generator = null) => Draw(rand(1, generator: generator)).ToDouble();
    public static double randn_float(Generator? generator = null) => Draw(randn(1, generator: generator)).ToDouble();
    public static bool randint_bool(Generator? generator = null) => randint_long(0, 2, generator) == 1;
    public static int randint_int(int high, Generator? generator = null) => (int)randint_long(0, high, generator);
    public static int randint_int(int low, int high, Generator? generator = null) => (int)randint_long(low, high, generator);
    public static long randint_long(long high, Generator? generator = null) => randint_long(0, high, generator);
    public static long randint_long(long low, long high, Generator? generator = null) => Draw(randint(low, high, [1], generator: generator)).ToInt64();

    private static Scalar Draw(Tensor one)
    {
        using (one) return one.ToScalar();
    }
}
