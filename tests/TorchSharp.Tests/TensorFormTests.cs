using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Tests;

/// <summary>An operation's other forms (in place, as a function of torch) do what the operation does; and no operation goes untested.</summary>
public sealed class TensorFormTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What returns tensors and is no operation to hold against PyTorch, by the reason.</summary>
    private static readonly Dictionary<string, string[]> Others = new()
    {
        ["unset memory"] = ["Tensor.empty", "Tensor.empty_like", "Tensor.new_empty", "torch.empty", "torch.empty_like", "torch.empty_strided"],
        ["managed arrays, in TensorDataTests"] = ["torch.tensor", "torch.as_tensor", "torch.from_array", "torch.frombuffer"],
        ["files, in CheckpointTests"] = ["Tensor.load", "Tensor.Load", "torch.load"],
        ["lifetime, in DisposeScopeTests"] = ["Tensor.DetachFromDisposeScope", "Tensor.DetatchFromDisposeScope", "Tensor.MoveToOuterDisposeScope",
            "Tensor.MoveToOtherDisposeScope", "Tensor.UnsafeCreateTensor", "torch.WrappedTensorDisposeScope"],
        ["devices that are not there, in TensorDataTests"] = ["Tensor.cuda", "Tensor.mps", "Tensor.pin_memory"],
        ["autograd, in every gradient test"] = ["Tensor.requires_grad_", "Tensor.with_requires_grad", "Tensor.grad"],
        ["the generator's state, in TensorDataTests"] = ["torch.get_rng_state"],
        ["another name, in Aliases_DoWhatTheirOriginalsDo"] = ["Tensor.block_diag", "torch.BoolTensor", "torch.ByteTensor", "torch.ShortTensor", "torch.IntTensor",
            "torch.LongTensor", "torch.FloatTensor", "torch.DoubleTensor", "torch.multiply_", "torch.negative_", "torch.real", "torch.imag", "special.sigmoid_"],
    };

    // Libtorch has no derivative for these in place.
    private static readonly HashSet<string> WithoutGradient = ["acosh_", "arccosh_", "asinh_", "arcsinh_", "atanh_", "arctanh_", "floor_divide_", "ldexp_"];

    private static readonly (Type Type, string Name)[] Places =
        [(typeof(Tensor), "Tensor"), (typeof(torch), "torch"), (typeof(linalg), "linalg"), (typeof(fft), "fft"), (typeof(special), "special")];

    [Fact]
    public void EveryOperation_IsTested()
    {
        var inTable = TensorOperations.All.Names.Select(name => name.Split(':')[0]).Select(name => name.Contains('.') ? name : "Tensor." + name).ToHashSet();
        var compared = Pairs().Select(pair => Name(pair.Form)).ToHashSet();
        var others = Others.Values.SelectMany(names => names).ToHashSet();
        var operations = Places.SelectMany(place => place.Type.GetMembers(Declared)).Where(ReturnsTensors).Select(Name).ToHashSet();
        var untested = string.Join(", ", operations.Where(name => !inTable.Contains(name) && !compared.Contains(name) && !others.Contains(name)).Order());
        Assert.True(untested == "", untested);
        Assert.Subset(operations, others);
        Assert.False(others.Overlaps(inTable));
    }

    public static TheoryData<string> Forms => new(Pairs().Select(pair => pair.Form.ToString()!).Distinct());

    [Theory, MemberData(nameof(Forms))]
    public void Form_DoesWhatTheOperationDoes(string form)
    {
        var (other, operation) = Pairs().First(pair => pair.Form.ToString() == form);
        var failure = "no arguments were found that it takes";
        foreach (var arguments in Arguments(operation))
        {
            using var scope = NewDisposeScope();
            var (self, rest) = arguments();
            object expected, found, changed = self.clone();
            try
            {
                manual_seed(1);
                expected = operation.Invoke(self.clone(), rest)!;
                if (Tensors(expected).ToArray() is { Length: > 0 } results && !results.Any(t => t.numel() > 0 && t.isfinite().any().item<bool>())) continue;
            }
            catch (TargetInvocationException e) when (e.InnerException is ExternalException or ArgumentException) { continue; }
            try
            {
                manual_seed(1);
                found = other.IsStatic ? other.Invoke(null, [changed, .. rest])! : other.Invoke(changed, rest)!;
            }
            // An operation whose result has another type or shape has no form in place for these arguments.
            catch (TargetInvocationException e) when (e.InnerException is ExternalException) { failure = e.InnerException.Message; continue; }
            AssertSame(expected, found);
            if (!other.Name.EndsWith('_')) return;
            Assert.Same(changed, found);
            if (other.IsStatic || WithoutGradient.Contains(other.Name)) return;
            if (Gradient(self, x => (Tensor)operation.Invoke(x, rest)!) is { } gradient)
                AssertSame(gradient, Gradient(self, x => (Tensor)other.Invoke(x, rest)!)!);
            return;
        }
        Assert.Fail(failure);
    }

    [Fact]
    public void Aliases_DoWhatTheirOriginalsDo()
    {
        using var scope = NewDisposeScope();
        var x = Waves.Wave(4, 6);
        Assert.Equal([@bool, uint8, int16, int32, int64, float32, float64], new[] { BoolTensor(x), ByteTensor(x), ShortTensor(x), IntTensor(x), LongTensor(x), FloatTensor(x), DoubleTensor(x) }.Select(t => t.dtype));
        AssertSame(x.@int(), IntTensor(x));
        AssertSame(torch.block_diag(x, x), Tensor.block_diag(x, x));
        AssertSame(x * x, multiply_(x.clone(), x));
        AssertSame(x * 2, multiply_(x.clone(), 2));
        AssertSame(-x, negative_(x.clone()));
        AssertSame(x.sigmoid(), special.sigmoid_(x.clone()));
        AssertSame(x, torch.real(complex(x, -x)));
        AssertSame(-x, torch.imag(complex(x, -x)));
    }

    // A form and the method of Tensor that says what it is to do: X_ and X, torch.X and Tensor.X, of the same parameters.
    private static IEnumerable<(MethodInfo Form, MethodInfo Operation)> Pairs()
    {
        var methods = typeof(Tensor).GetMethods(Declared).Where(m => !m.IsStatic).ToLookup(m => m.Name);
        MethodInfo? Find(string name, IEnumerable<ParameterInfo> parameters) =>
            methods[name].FirstOrDefault(m => m.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters.Select(p => p.ParameterType)));
        bool Invocable(MethodInfo m) => m.GetParameters().All(p => !p.ParameterType.IsByRefLike);

        foreach (var inPlace in methods.SelectMany(group => group).Where(m => m.Name.EndsWith('_') && ReturnsTensors(m) && Invocable(m)))
            if (Find(inPlace.Name[..^1], inPlace.GetParameters()) is { } operation) yield return (inPlace, operation);
        // torch.where(condition, x, y) takes its condition first.
        foreach (var function in typeof(torch).GetMethods(Declared).Where(m => m.Name != "where" && m.ReturnType != typeof(void) && Invocable(m)))
            if (function.GetParameters() is [{ ParameterType: var first }, .. var rest] && first == typeof(Tensor) && Find(function.Name, rest) is { } operation)
                yield return (function, operation);
    }

    // Tensors that one operation or another takes, this one first; made anew for every call.
    private static readonly Func<Tensor[]>[] Inputs =
    [
        () => [Fractions(4, 4), Fractions(4, 4) * 0.9, Fractions(4, 4) * 0.8],
        () => [Fractions(4, 4) + 1, Fractions(4, 4), Fractions(4, 4)],
        () => [Wholes(4, 4), Wholes(4, 4).flip(0) + 1, Wholes(4, 4)],
        () => [Wholes(16), Wholes(16), Wholes(16)],
        () => [Fractions(4, 4) > 0.5, Fractions(4, 4).flip(0) > 0.5, Fractions(4, 4) > 0.3],
        () => [Fractions(4), Fractions(4) * 2, Fractions(4)],
        () => [Fractions(2, 4, 4), Fractions(2, 4, 4) * 2, Fractions(2, 4, 4)],
        () => [Fractions(4, 4), Wholes(4) % 4, Fractions(4, 4) * 2],
        () => [Fractions(4, 4), arange(4).expand(4, 4), Fractions(4, 4) * 2],
        () => [Fractions(4, 4), Fractions(4, 4) > 0.5, Fractions(4, 4) * 2],
        () => [complex(Fractions(4, 4), -Fractions(4, 4)), complex(Fractions(4, 4), Fractions(4, 4))],
        () => [Fractions(4), Fractions(4, 4), Fractions(4)],
        () => [Fractions(4, 4), Fractions(2, 4, 4), Fractions(2, 4, 4)],
        () => [Fractions(4, 4), Fractions(4), Fractions(4)],
        () => [Fractions(4, 4), Fractions(4), Fractions(4, 4)],
        () => [Fractions(4, 4).mm(Fractions(4, 4).t()) + torch.eye(4, dtype: float64)],
        () => [Fractions(1)],
        () => [complex(Fractions(5, 4), -Fractions(5, 4))],
        () => [Fractions(32), Fractions(8)],
        () => [Fractions(1, 4, 2, 2), Fractions(4)],
        () => [Fractions(4, 4, 2), Fractions(4)],
        () => [Fractions(4, 2), Fractions(4, 2)],
    ];

    private static Tensor Fractions(params long[] shape) => Waves.Wave(0.3, shape) * 0.4 + 0.5;
    private static Tensor Wholes(params long[] shape) => (Waves.Wave(0.3, shape) * 5 + 6).@long();

    private static readonly long[] Numbers = [1, 2, 0, 4, 8];
    private static readonly long[][] Lists = [[0], [1], [0, 1], [2, 2], [1, 0], [16], [2, 2, 2], [0, 1, 2]];

    private static IEnumerable<Func<(Tensor, object?[])>> Arguments(MethodInfo operation) =>
        from list in Lists
        from number in Numbers
        from inputs in Inputs
        select new Func<(Tensor, object?[])>(() =>
        {
            var tensors = inputs();
            var next = 1;
            var (lists, numbers) = (0, 0);
            object? Argument(ParameterInfo p) => p.ParameterType switch
            {
                var t when t == typeof(Tensor) => p.HasDefaultValue && p.Name is not ("min" or "max") ? null : tensors[next++ % tensors.Length],
                var t when t == typeof(long[]) => lists++ == 0 || list.Length > 1 ? list : list.Select(i => i + 1).ToArray(),
                var t when t == typeof(Scalar) => (Scalar)(p.Name == "max" ? 0.6 : 0.25),
                var t when t == typeof((long, long)) => (0L, 1L),
                var t when t == typeof((long, long, long)) => (0L, 1L, 2L),
                var t when t == typeof((long, long, long, long)) => (1L, 2L, 3L, 4L),
                var t when t == typeof((long, long)[]) => new[] { (0L, 1L) },
                var t when t == typeof(Size) => new Size(list),
                var t when t == typeof(IEnumerable<long>) => list,
                var t when t == typeof(double) => p.HasDefaultValue ? p.DefaultValue : 0.25,
                var t when t == typeof(float) => p.HasDefaultValue ? p.DefaultValue : 2f,
                _ when p.HasDefaultValue => p.DefaultValue,
                var t when t == typeof(long) || t == typeof(long?) => number + numbers++,
                var t when t == typeof(int) => (int)number + numbers++,
                var t when t == typeof(bool) => true,
                var t => throw new NotSupportedException($"{operation}: what {t} to give?"),
            };
            return (tensors[0], operation.GetParameters().Select(Argument).ToArray());
        });

    // Null where the operation has none.
    private static Tensor? Gradient(Tensor at, Func<Tensor, Tensor> operation)
    {
        if (at.dtype != float64) return null;
        manual_seed(1);
        var leaf = at.clone().requires_grad_();
        var result = operation(leaf.clone());
        if (!result.requires_grad) return null;
        result.square().sum().backward();
        return leaf.grad! + 0;
    }

    private static void AssertSame(object expected, object found)
    {
        if (!Tensors(expected).Any()) { Assert.Equal(expected, found); return; }
        var (ours, theirs) = (Tensors(found).ToArray(), Tensors(expected).ToArray());
        Assert.Equal(theirs.Length, ours.Length);
        foreach (var (a, b) in ours.Zip(theirs))
        {
            Assert.Equal(b.shape, a.shape);
            Assert.True(a.allclose(b.to_type(a.dtype), 0, 0, true), "the values differ");
        }
    }

    private static IEnumerable<Tensor> Tensors(object? result) => result switch
    {
        Tensor tensor => [tensor],
        IEnumerable<Tensor> tensors => tensors,
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]).OfType<Tensor>(),
        _ => [],
    };

    private static bool ReturnsTensors(MemberInfo member)
    {
        var type = member switch { MethodInfo m when !m.IsSpecialName => m.ReturnType, PropertyInfo p when p.GetIndexParameters().Length == 0 => p.PropertyType, _ => typeof(void) };
        return Holds(type);
        static bool Holds(Type t) => t == typeof(Tensor) || t == typeof(Tensor[]) || (t.IsGenericType && t.GetGenericArguments().Any(Holds));
    }

    private static string Name(MemberInfo member) => $"{Places.First(place => place.Type == member.DeclaringType).Name}.{member.Name}";
}
