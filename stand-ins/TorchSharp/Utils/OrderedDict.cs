using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that keeps the order in which its keys were added.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly List<(TKey, TValue)> list = [];
    private readonly Dictionary<TKey, TValue> dict = [];

    public TValue this[TKey key]
    {
        get => dict[key];
        set
        {
            var at = list.FindIndex(entry => EqualityComparer<TKey>.Default.Equals(entry.Item1, key));
            if (at < 0) list.Add((key, value));
            else list[at] = (key, value);
            dict[key] = value;
        }
    }

    public (TKey, TValue) this[int index]
    {
        get => list[index];
        set
        {
            dict.Remove(list[index].Item1);
            dict.Add(value.Item1, value.Item2);
            list[index] = value;
        }
    }

    public int Count => list.Count;
    public bool IsReadOnly => false;
    public ICollection<TKey> Keys => list.Select(entry => entry.Item1).ToList();
    public ICollection<TValue> Values => list.Select(entry => entry.Item2).ToList();
    public IEnumerable<TKey> keys() => Keys;
    public IEnumerable<TValue> values() => Values;
    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public void Add(TKey key, TValue value)
    {
        dict.Add(key, value);
        list.Add((key, value));
    }
    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        dict.Add(item.Item1, item.Item2);
        list.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!dict.Remove(key)) return false;
        list.RemoveAt(list.FindIndex(entry => EqualityComparer<TKey>.Default.Equals(entry.Item1, key)));
        return true;
    }
    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));
    public void RemoveAt(int index)
    {
        dict.Remove(list[index].Item1);
        list.RemoveAt(index);
    }

    public void Clear()
    {
        list.Clear();
        dict.Clear();
    }
    public void clear() => Clear();

    public bool ContainsKey(TKey key) => dict.ContainsKey(key);
    public bool Contains((TKey, TValue) item) => list.Contains(item);
    public bool Contains(KeyValuePair<TKey, TValue> item) => Contains((item.Key, item.Value));
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => dict.TryGetValue(key, out value);
    public int IndexOf((TKey, TValue) item) => list.IndexOf(item);
    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => list.CopyTo(array, arrayIndex);
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) =>
        list.Select(entry => new KeyValuePair<TKey, TValue>(entry.Item1, entry.Item2)).ToList().CopyTo(array, arrayIndex);

    public IEnumerator<(TKey, TValue)> GetEnumerator() => list.GetEnumerator();
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        list.Select(entry => new KeyValuePair<TKey, TValue>(entry.Item1, entry.Item2)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
