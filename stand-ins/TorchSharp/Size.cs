using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The extents of a tensor's dimensions.</summary>
    public readonly struct Size : IEnumerable<long>
    {
        private readonly long[]? shape;

        public Size(long[] shape) => this.shape = shape;
        public Size(IEnumerable<long> shape) => this.shape = shape.ToArray();
        public Size(long size) => shape = [size];
        public Size((long, long) size) => shape = [size.Item1, size.Item2];
        public Size((int, int) size) => shape = [size.Item1, size.Item2];
        public Size((long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3];
        public Size((int, int, int) size) => shape = [size.Item1, size.Item2, size.Item3];
        public Size((long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((int, int, int, int) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4];
        public Size((long, long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];
        public Size((int, int, int, int, int) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];
        public Size((long, long, long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];
        public Size((int, int, int, int, int, int) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];
        public Size(int size) => shape = [size];
        public Size(int[] shape) => this.shape = [.. shape.Select(extent => (long)extent)];

        public static readonly Size Empty = new(Array.Empty<long>());

        public long[] Shape => shape ?? [];
        public int Length => Shape.Length;
        public bool IsEmpty => Length == 0;
        public bool IsScalar => Length == 0;
        public long this[int idx] => Shape[idx];
        public long this[long idx] => Shape[idx];

        public long numel() => Shape.Aggregate(1L, (product, extent) => product * extent);
        public Size Slice(int first, int next) => new(Shape[first..next]);
        public IEnumerable<long> Take(int i) => Shape.Take(i);
        public IEnumerator<long> GetEnumerator() => Shape.AsEnumerable().GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size(long[] size) => new(size);
        public static implicit operator Size((long, long) size) => new([size.Item1, size.Item2]);
        public static implicit operator Size((long, long, long) size) => new([size.Item1, size.Item2, size.Item3]);
        public static implicit operator Size((long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4]);
        public static implicit operator Size((long, long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4, size.Item5]);
        public static implicit operator Size((long, long, long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6]);

        public static bool operator ==(Size left, Size right) => left.Shape.AsSpan().SequenceEqual(right.Shape);
        public static bool operator !=(Size left, Size right) => !(left == right);
        public static Size operator +(Size left, Size right) => new([.. left.Shape, .. right.Shape]);
        public static Size operator +(Size left, IEnumerable<long> right) => new([.. left.Shape, .. right]);

        public override bool Equals(object? obj) => obj is Size other && this == other;
        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var extent in Shape) hash.Add(extent);
            return hash.ToHashCode();
        }
        public override string ToString() => $"[{string.Join(", ", Shape)}]";
    }
}
