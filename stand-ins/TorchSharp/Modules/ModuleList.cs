using System.Collections;

namespace TorchSharp.Modules
{
    /// <summary>Modules by number; whoever holds the list decides how to call them.</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T> where T : torch.nn.Module
    {
        private readonly List<T> list = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => extend(modules);

        public T this[int index]
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

        public void Add(T item)
        {
            register_module(list.Count.ToString(), item);
            list.Add(item);
        }
        public void append(params T[] parameters) => extend(parameters);
        public void extend(IEnumerable<T> modules)
        {
            foreach (var module in modules) Add(module);
        }
        public void Insert(int index, T item)
        {
            list.Insert(index, item);
            Renumber();
        }
        public bool Remove(T item)
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

        public bool Contains(T item) => list.Contains(item);
        public int IndexOf(T item) => list.IndexOf(item);
        public void CopyTo(T[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);
        public IEnumerator<T> GetEnumerator() => list.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents() { }

        private void Renumber()
        {
            ClearModules();
            for (var i = 0; i < list.Count; i++) register_module(i.ToString(), list[i]);
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
            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
        }
    }
}
