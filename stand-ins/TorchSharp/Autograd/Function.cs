namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>A differentiable operation of one's own. Derive from one of the two classes below.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            public abstract string Name { get; }

            private protected abstract List<Tensor> Run(AutogradContext ctx, object[] vars);
            private protected abstract List<Tensor> Differentiate(AutogradContext ctx, List<Tensor> gradients);

            protected static List<Tensor> apply_internal(params object[] vars)
            {
                var function = new T();
                return new FunctionApplication(function.Name, function.Differentiate).Run(function.Run, vars);
            }
        }

        /// <summary>An operation with one result.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            /// <summary>Computes the result. No graph is recorded here.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>A gradient for each argument of <see cref="apply"/>, null for what is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            private protected override List<Tensor> Run(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];
            private protected override List<Tensor> Differentiate(AutogradContext ctx, List<Tensor> gradients) => backward(ctx, gradients[0]);
        }

        /// <summary>An operation with several results.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            /// <summary>Computes the results. No graph is recorded here.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>A gradient for each argument of <see cref="apply"/>, null for what is no tensor or needs none.</summary>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            private protected override List<Tensor> Run(AutogradContext ctx, object[] vars) => forward(ctx, vars);
            private protected override List<Tensor> Differentiate(AutogradContext ctx, List<Tensor> gradients) => backward(ctx, gradients);
        }
    }
}
