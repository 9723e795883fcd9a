using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>Modules by name, in the order in which they were added; whoever holds the dictionary decides how to call them.</summary>
    public class ModuleDict<T> : torch.nn.Module, IDictionary<string, T>, IList<(string, T)> where T : torch.nn.Module
    {
        private readonly OrderedDict<string, T> entries = [];

        public ModuleDict() : base(nameof(ModuleDict<T>)) { }

        public T this[string key]
        {
            get => entries[key];
            set => Change(() => entries[key] = value);
        }

        public (string, T) this[int index]
        {
            get => entries[index];
            set => Change(() => entries[index] = value);
        }

        public int Count => entries.Count;
        public bool IsReadOnly => false;
        public ICollection<string> Keys => entries.Keys;
        public ICollection<T> Values => entries.Values;
        public IEnumerable<string> keys() => entries.keys();
        public IEnumerable<T> values() => entries.values();
        public IEnumerator<(string, T)> items() => entries.items();

        public void Add(string key, T value)
        {
            register_module(key, value);
            entries.Add(key, value);
        }
        public void Add((string, T) item) => Add(item.Item1, item.Item2);
        public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);
        public void Insert(int index, (string, T) item) => Change(() => entries.Insert(index, item));

        public bool Remove(string key) => Change(() => entries.Remove(key));
        public bool Remove((string, T) item) => Change(() => entries.Remove(item));
        public bool Remove(KeyValuePair<string, T> item) => Change(() => entries.Remove(item));
        public void RemoveAt(int index) => Change(() => entries.RemoveAt(index));
        public void Clear() => Change(entries.Clear);
        public void clear() => Clear();

        public bool ContainsKey(string key) => entries.ContainsKey(key);
        public bool Contains((string, T) item) => entries.Contains(item);
        public bool Contains(KeyValuePair<string, T> item) => entries.Contains(item);
        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => entries.TryGetValue(key, out value);
        public int IndexOf((string, T) item) => entries.IndexOf(item);
        public void CopyTo((string, T)[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);
        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public IEnumerator<(string, T)> GetEnumerator() => entries.GetEnumerator();
        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)entries).GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        protected override void RegisterComponents() { }

        private void Change(Action action) => Change(() =>
        {
            action();
            return true;
        });

        private bool Change(Func<bool> action)
        {
            var done = action();
            ClearModules();
            foreach (var (key, value) in entries) register_module(key, value);
            return done;
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
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new ModuleDict<T>();
                foreach (var module in modules) dictionary.Add(module);
                return dictionary;
            }
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);
        }
    }
}
