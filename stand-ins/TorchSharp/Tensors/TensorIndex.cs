namespace TorchSharp;

public static partial class torch
{
    /// <summary>One of the things that may stand between a tensor's brackets.</summary>
    public struct TensorIndex
    {
        internal enum Form { Null, None, Ellipsis, Bool, Single, Slice, Tensor }

        internal Form Kind;
        internal long? Start, Stop, Step;
        internal torch.Tensor? Mask;

        /// <summary>All of a dimension.</summary>
        public static readonly TensorIndex Colon = Slice();
        /// <summary>As many dimensions as are not named otherwise.</summary>
        public static readonly TensorIndex Ellipsis = new() { Kind = Form.Ellipsis };
        /// <summary>A new dimension of one element.</summary>
        public static readonly TensorIndex None = new() { Kind = Form.None };
        public static readonly TensorIndex Null = new() { Kind = Form.Null };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Kind = Form.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(
            range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value,
            range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value);

        public static TensorIndex Bool(bool value) => new() { Kind = Form.Bool, Start = value ? 1 : 0 };
        public static TensorIndex Single(long? index) => new() { Kind = Form.Single, Start = index };
        public static TensorIndex Tensor(torch.Tensor tensor) => new() { Kind = Form.Tensor, Mask = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
    }
}
