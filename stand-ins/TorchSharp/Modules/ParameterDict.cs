using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>Parameters by name, in the order in which they were added.</summary>
    public class ParameterDict : torch.nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
    {
        private readonly OrderedDict<string, Parameter> entries = [];

        public ParameterDict() : base(nameof(ParameterDict)) { }

        public Parameter this[string key]
        {
            get => entries[key];
            set => Change(() => entries[key] = value);
        }

        public (string, Parameter) this[int index]
        {
            get => entries[index];
            set => Change(() => entries[index] = value);
        }

        public int Count => entries.Count;
        public bool IsReadOnly => false;
        public ICollection<string> Keys => entries.Keys;
        public ICollection<Parameter> Values => entries.Values;
        public IEnumerable<string> keys() => entries.keys();
        public IEnumerable<Parameter> values() => entries.values();
        public IEnumerator<(string, Parameter)> items() => entries.items();

        public void Add(string key, Parameter value)
        {
            register_parameter(key, value);
            entries.Add(key, value);
        }
        public void Add((string, Parameter) item) => Add(item.Item1, item.Item2);
        public void Add(KeyValuePair<string, Parameter> item) => Add(item.Key, item.Value);
        public void Insert(int index, (string, Parameter) item) => Change(() => entries.Insert(index, item));

        public bool Remove(string key) => Change(() => entries.Remove(key));
        public bool Remove((string, Parameter) item) => Change(() => entries.Remove(item));
        public bool Remove(KeyValuePair<string, Parameter> item) => Change(() => entries.Remove(item));
        public void RemoveAt(int index) => Change(() => entries.RemoveAt(index));
        public void Clear() => Change(entries.Clear);
        public void clear() => Clear();

        public bool ContainsKey(string key) => entries.ContainsKey(key);
        public bool Contains((string, Parameter) item) => entries.Contains(item);
        public bool Contains(KeyValuePair<string, Parameter> item) => entries.Contains(item);
        public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => entries.TryGetValue(key, out value);
        public int IndexOf((string, Parameter) item) => entries.IndexOf(item);
        public void CopyTo((string, Parameter)[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);
        public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public IEnumerator<(string, Parameter)> GetEnumerator() => entries.GetEnumerator();
        IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() => ((IEnumerable<KeyValuePair<string, Parameter>>)entries).GetEnumerator();
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
            _internal_params.Clear();
            foreach (var (key, value) in entries) register_parameter(key, value);
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
            public static ParameterDict ParameterDict(params (string, Parameter)[] parameters)
            {
                var dictionary = new ParameterDict();
                foreach (var parameter in parameters) dictionary.Add(parameter);
                return dictionary;
            }
        }
    }
}
