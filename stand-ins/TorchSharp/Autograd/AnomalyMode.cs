using TorchSharp.Native;

namespace TorchSharp
{
    /// <summary>Until disposed, backward says which operation it failed in, and fails where a gradient is not a number.</summary>
    public class AnomalyMode : IDisposable
    {
        private readonly bool wasEnabled = IsEnabled, checkedNaN = ShouldCheckNaN;

        public AnomalyMode(bool enabled, bool check_nan = true) => Shim.shim_set_anomaly_mode(enabled ? 1 : 0, check_nan ? 1 : 0);

        public static bool IsEnabled => Shim.shim_anomaly_mode() != 0;
        public static bool ShouldCheckNaN => Shim.shim_anomaly_checks_nan() != 0;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing) Shim.shim_set_anomaly_mode(wasEnabled ? 1 : 0, checkedNaN ? 1 : 0);
        }
    }

    public static partial class torch
    {
        public static partial class autograd
        {
            public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);
            public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);

            public static class functional
            {
                /// <summary>The derivatives of each element of the result by each element of the input: [result..., input...].</summary>
                public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs) => jacobian((Tensor[] x) => [function(x[0])], [inputs]).Single();
                public static IEnumerable<Tensor> jacobian(Func<Tensor, Tensor[]> function, Tensor inputs) => jacobian((Tensor[] x) => function(x[0]), [inputs]);
                public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs) => jacobian((Tensor[] x) => [function(x)], inputs);

                /// <summary>For each result and, within it, for each input.</summary>
                public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor[]> function, params Tensor[] inputs)
                {
                    using var scope = NewDisposeScope();
                    using var recorded = enable_grad();
                    var points = inputs.Select(x => x.detach().requires_grad_()).ToArray();
                    var jacobians = new List<Tensor>();
                    foreach (var output in function(points))
                    {
                        var rows = Enumerable.Range(0, points.Length).Select(_ => new List<Tensor>()).ToArray();
                        using var elements = output.flatten();
                        for (long i = 0; i < elements.numel(); i++)
                        {
                            var gradients = grad([elements[i]], points, retain_graph: true, allow_unused: true);
                            for (var k = 0; k < points.Length; k++) rows[k].Add(gradients[k] ?? zeros_like(points[k]));
                        }
                        for (var k = 0; k < points.Length; k++)
                            jacobians.Add(stack(rows[k]).reshape([.. output.shape, .. points[k].shape]).MoveToOuterDisposeScope());
                    }
                    return jacobians;
                }
            }
        }
    }
}
