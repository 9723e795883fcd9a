using System.Collections;

namespace TorchSharp.Modules
{
    /// <summary>Parameters by number.</summary>
    public class ParameterList : torch.nn.Module, IList<Parameter>
    {
        private readonly List<Parameter> list = [];

        public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList)) => extend(parameters);

        public Parameter this[int index]
        {
            get => list[index];
            set
            {
                list[index] = value;
                Renumber();
            }
        }

        public int Count => list.Count;
        public bool IsReadOnly => false;

        public void Add(Parameter item)
        {
            register_parameter(list.Count.ToString(), item);
            list.Add(item);
        }
        public void append(params Parameter[] parameters) => extend(parameters);
        public void extend(IEnumerable<Parameter> parameters)
        {
            foreach (var parameter in parameters) Add(parameter);
        }
        public void Insert(int index, Parameter item)
        {
            list.Insert(index, item);
            Renumber();
        }
        public bool Remove(Parameter item)
        {
            var removed = list.Remove(item);
            Renumber();
            return removed;
        }
        public void RemoveAt(int index)
        {
            list.RemoveAt(index);
            Renumber();
        }
        public void Clear()
        {
            list.Clear();
            Renumber();
        }

        public bool Contains(Parameter item) => list.Contains(item);
        public int IndexOf(Parameter item) => list.IndexOf(item);
        public void CopyTo(Parameter[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);
        public IEnumerator<Parameter> GetEnumerator() => list.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents() { }

        private void Renumber()
        {
            _internal_params.Clear();
            for (var i = 0; i < list.Count; i++) register_parameter(i.ToString(), list[i]);
        }
    }
}

namespace TorchSharp
{
    using Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
