using System.Runtime.CompilerServices;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after another.</summary>
    public class Sequential : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly List<torch.nn.IModule<torch.Tensor, torch.Tensor>> steps = [];

        public Sequential(params torch.nn.Module<torch.Tensor, torch.Tensor>[] modules) : base(nameof(Sequential))
        {
            foreach (var module in modules) append(module);
        }

        public Sequential(params (string name, torch.nn.Module<torch.Tensor, torch.Tensor> submodule)[] modules) : base(nameof(Sequential))
        {
            foreach (var (step, module) in modules) append(step, module);
        }

        public int Count => steps.Count;

        [IndexerName("SequentialItems")]
        public torch.nn.IModule<torch.Tensor, torch.Tensor> this[int index] => steps[index];

        [IndexerName("SequentialItems")]
        public Sequential this[Range index]
        {
            get
            {
                var part = new Sequential(Array.Empty<torch.nn.Module<torch.Tensor, torch.Tensor>>());
                foreach (var step in steps.GetRange(index.Start.GetOffset(Count), index.GetOffsetAndLength(Count).Length)) part.append(step);
                return part;
            }
        }

        public Sequential append(torch.nn.IModule<torch.Tensor, torch.Tensor> module) => append(steps.Count.ToString(), module);

        public Sequential append(string name, torch.nn.IModule<torch.Tensor, torch.Tensor> module)
        {
            register_module(name, (torch.nn.Module)module);
            steps.Add(module);
            return this;
        }

        /// <summary>Intermediate results are disposed as soon as the next one is there; a graph keeps what it needs by itself.</summary>
        public override torch.Tensor forward(torch.Tensor input)
        {
            if (steps.Count == 0) return input.alias();
            var current = input;
            for (var at = 0; at < steps.Count;)
            {
                var next = ConvolutionBlock.Run(steps, ref at, current) ?? steps[at++].call(current);
                if (!ReferenceEquals(current, input) && !ReferenceEquals(next, current)) current.Dispose();
                current = next;
            }
            return current;
        }

        protected override void RegisterComponents() { }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);
            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules.ToArray());
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);
            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules.ToArray());
        }
    }
}
