using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Sequences of different lengths in one batch.</summary>
            public static class rnn
            {
                /// <summary>The steps of all sequences without padding, step by step, the longest sequence first.</summary>
                public sealed class PackedSequence : IDisposable
                {
                    public readonly Tensor data;
                    public readonly Tensor batch_sizes;
                    public readonly Tensor sorted_indices;
                    public readonly Tensor unsorted_indices;

                    internal PackedSequence(Tensor data, Tensor batch_sizes, Tensor? sorted_indices, Tensor? unsorted_indices) =>
                        (this.data, this.batch_sizes, this.sorted_indices, this.unsorted_indices) = (data, batch_sizes, sorted_indices!, unsorted_indices!);

                    public PackedSequence MoveToOuterDisposeScope() => Each(tensor => tensor.MoveToOuterDisposeScope());
                    public PackedSequence DetachFromDisposeScope() => Each(tensor => tensor.DetachFromDisposeScope());
                    public PackedSequence MoveToOtherDisposeScope(DisposeScope? other) => Each(tensor => tensor.MoveToOtherDisposeScope(other));
                    public PackedSequence MoveToOtherDisposeScope(PackedSequence other) => MoveToOtherDisposeScope(other.data.OwningDisposeScope);
                    public void Dispose() => Each(tensor => tensor.Dispose());

                    private PackedSequence Each(Action<Tensor> action)
                    {
                        foreach (var tensor in new[] { data, batch_sizes, sorted_indices, unsorted_indices })
                            if (tensor is not null) action(tensor);
                        return this;
                    }
                }

                /// <summary>Packs [T,N,...] ([N,T,...] with the batch first); <paramref name="lengths"/> is on the CPU.</summary>
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    using var scope = NewDisposeScope();
                    Tensor? sorted = null, unsorted = null;
                    if (!enforce_sorted)
                    {
                        (lengths, sorted) = lengths.sort(-1, true);
                        unsorted = sorted.argsort();
                        input = input.index_select(batch_first ? 0 : 1, sorted);
                    }
                    var (data, sizes) = Aten.Two("_pack_padded_sequence", input, lengths, batch_first);
                    return new PackedSequence(data, sizes, sorted, unsorted).MoveToOuterDisposeScope();
                }

                /// <summary>The padded batch again, in its first order, and the lengths.</summary>
                public static (Tensor, Tensor) pad_packed_sequence(PackedSequence sequence, bool batch_first = false, double padding_value = 0, long? total_length = null)
                {
                    using var scope = NewDisposeScope();
                    var longest = sequence.batch_sizes.size(0);
                    if (total_length < longest) throw new ArgumentException($"Expected total_length to be at least the length of the longest sequence in input, but got total_length={total_length} and max sequence length being {longest}");
                    var (padded, lengths) = Aten.Two("_pad_packed_sequence", sequence.data, sequence.batch_sizes, batch_first, padding_value, total_length ?? longest);
                    if (sequence.unsorted_indices is { } order) (padded, lengths) = (padded.index_select(batch_first ? 0 : 1, order), lengths.index_select(0, order));
                    return scope.MoveToOuter(padded, lengths);
                }

                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0) =>
                    Aten.Tensor("pad_sequence", sequences.ToArray(), batch_first, padding_value);

                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    using var scope = NewDisposeScope();
                    var all = sequences.ToArray();
                    return pack_padded_sequence(pad_sequence(all), torch.tensor(all.Select(s => s.size(0)).ToArray()), enforce_sorted: enforce_sorted).MoveToOuterDisposeScope();
                }
            }
        }
    }
}
