using TorchSharp.Native;

namespace TorchSharp;

// Tensors cut into several.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor[] hsplit(long size) => Aten.Many("hsplit.int", this, size);
        public Tensor[] hsplit(params long[] sizes) => Aten.Many("hsplit.array", this, sizes);
        public Tensor[] hsplit(Tensor indices) => hsplit(Indices(indices));
        public Tensor[] vsplit(long size) => Aten.Many("vsplit.int", this, size);
        public Tensor[] vsplit(params long[] sizes) => Aten.Many("vsplit.array", this, sizes);
        public Tensor[] vsplit(Tensor indices) => vsplit(Indices(indices));
        public Tensor[] dsplit(long size) => Aten.Many("dsplit.int", this, size);
        public Tensor[] dsplit(params long[] sizes) => Aten.Many("dsplit.array", this, sizes);
        public Tensor[] dsplit(Tensor indices) => dsplit(Indices(indices));
        public Tensor[] dsplit((long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2]);
        public Tensor[] dsplit((long, long, long) indices_or_sections) => dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3]);
        public Tensor[] dsplit((long, long, long, long) indices_or_sections) =>
            dsplit([indices_or_sections.Item1, indices_or_sections.Item2, indices_or_sections.Item3, indices_or_sections.Item4]);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Aten.Many("tensor_split.indices", this, sizes, dim);
        public Tensor[] tensor_split(Tensor indices, long dim = 0) => Aten.Many("tensor_split.tensor_indices_or_sections", this, indices, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Aten.Many("split_with_sizes", this, sizes, dim);
        public IList<Tensor> nonzero_as_list() => Aten.Many("nonzero_numpy", this);

        private static long[] Indices(Tensor indices)
        {
            using var whole = indices.to_type(ScalarType.Int64);
            return whole.data<long>().ToArray();
        }
    }
}
