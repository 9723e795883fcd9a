using System.Runtime.CompilerServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => Select(indices);
            set => Assign(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1] { get => Select(i1); set => Assign(value, i1); }
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2] { get => Select(i1, i2); set => Assign(value, i1, i2); }
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3] { get => Select(i1, i2, i3); set => Assign(value, i1, i2, i3); }
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4] { get => Select(i1, i2, i3, i4); set => Assign(value, i1, i2, i3, i4); }
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5] { get => Select(i1, i2, i3, i4, i5); set => Assign(value, i1, i2, i3, i4, i5); }
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6] { get => Select(i1, i2, i3, i4, i5, i6); set => Assign(value, i1, i2, i3, i4, i5, i6); }

        public Tensor index(params TensorIndex[] indices)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = View(indices);
            return (tensors.Length == 0 ? view : view.index(tensors!)).MoveToOuterDisposeScope();
        }

        /// <summary>Elements picked by index tensors or masks; null takes all of a dimension.</summary>
        public Tensor index(params Tensor[] indices) => Aten.Tensor("index.Tensor", this, (Tensor?[])indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);
        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Aten.InPlace("index_put_", this, (Tensor?[])indices, value, accumulate);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var scope = NewDisposeScope();
            var (view, tensors) = View(indices);
            if (tensors.Length > 0) view.index_put_(value, tensors!, accumulate);
            else if (accumulate) view.add_(value);
            else view.copy_(value);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor v = value;
            using var typed = v.to(dtype);
            return index_put_(typed, indices);
        }

        private Tensor Select(params ReadOnlySpan<long> indices)
        {
            if (indices.IsEmpty) return alias();
            var view = select(0, indices[0]);
            foreach (var i in indices[1..])
                using (var outer = view) view = outer.select(0, i);
            return view;
        }

        private void Assign(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var view = Select(indices);
            view.copy_(value);
        }

        // Everything but index tensors is a view; what is left are the index tensors by dimension of that view.
        private (Tensor view, Tensor?[] tensors) View(TensorIndex[] indices)
        {
            var consumed = indices.Sum(i => i.Kind switch
            {
                TensorIndex.Form.Single or TensorIndex.Form.Slice => 1,
                TensorIndex.Form.Tensor => i.Mask!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)i.Mask.dim() : 1,
                _ => 0,
            });
            if (consumed > dim()) throw new ArgumentException($"Too many indices for a tensor of dimension {dim()}.");
            var (view, at) = (alias(), 0);
            var tensors = new List<Tensor?>();
            void Put(Tensor index)
            {
                while (tensors.Count < at) tensors.Add(null);
                tensors.Add(index);
            }
            foreach (var i in indices)
            {
                switch (i.Kind)
                {
                    case TensorIndex.Form.Single:
                        view = view.select(at, i.Start ?? 0);
                        break;
                    case TensorIndex.Form.Slice:
                        view = Aten.Tensor("slice.Tensor", view, (long)at++, i.Start, i.Stop, i.Step ?? 1);
                        break;
                    case TensorIndex.Form.None or TensorIndex.Form.Null:
                        view = view.unsqueeze(at++);
                        break;
                    case TensorIndex.Form.Ellipsis:
                        at += (int)dim() - consumed;
                        break;
                    case TensorIndex.Form.Bool:
                        view = view.unsqueeze(at);
                        Put(i.Start != 0 ? torch.zeros(1, dtype: ScalarType.Int64) : torch.empty(0, dtype: ScalarType.Int64));
                        at++;
                        break;
                    case TensorIndex.Form.Tensor:
                        Put(i.Mask!);
                        at += i.Mask!.dtype is ScalarType.Bool or ScalarType.Byte ? (int)i.Mask.dim() : 1;
                        break;
                }
            }
            return (view, tensors.ToArray());
        }
    }
}
