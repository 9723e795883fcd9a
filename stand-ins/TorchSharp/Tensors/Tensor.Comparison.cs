using TorchSharp.Native;

namespace TorchSharp;

// Comparisons and logic.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Aten.Tensor("eq.Tensor", this, target);
        public Tensor eq(Scalar target) => Aten.Tensor("eq.Scalar", this, target);
        public Tensor eq_(Tensor target) => Aten.InPlace("eq_.Tensor", this, target);
        public Tensor eq_(Scalar target) => Aten.InPlace("eq_.Scalar", this, target);
        public Tensor ne(Tensor target) => Aten.Tensor("ne.Tensor", this, target);
        public Tensor ne(Scalar target) => Aten.Tensor("ne.Scalar", this, target);
        public Tensor ne_(Tensor target) => Aten.InPlace("ne_.Tensor", this, target);
        public Tensor ne_(Scalar target) => Aten.InPlace("ne_.Scalar", this, target);
        public Tensor lt(Tensor target) => Aten.Tensor("lt.Tensor", this, target);
        public Tensor lt(Scalar target) => Aten.Tensor("lt.Scalar", this, target);
        public Tensor le(Tensor target) => Aten.Tensor("le.Tensor", this, target);
        public Tensor le(Scalar target) => Aten.Tensor("le.Scalar", this, target);
        public Tensor gt(Tensor target) => Aten.Tensor("gt.Tensor", this, target);
        public Tensor gt(Scalar target) => Aten.Tensor("gt.Scalar", this, target);
        public Tensor ge(Tensor target) => Aten.Tensor("ge.Tensor", this, target);
        public Tensor ge(Scalar target) => Aten.Tensor("ge.Scalar", this, target);
        public Tensor lt_(Tensor target) => Aten.InPlace("lt_.Tensor", this, target);
        public Tensor lt_(Scalar target) => Aten.InPlace("lt_.Scalar", this, target);
        public Tensor le_(Tensor target) => Aten.InPlace("le_.Tensor", this, target);
        public Tensor le_(Scalar target) => Aten.InPlace("le_.Scalar", this, target);
        public Tensor gt_(Tensor target) => Aten.InPlace("gt_.Tensor", this, target);
        public Tensor gt_(Scalar target) => Aten.InPlace("gt_.Scalar", this, target);
        public Tensor ge_(Tensor target) => Aten.InPlace("ge_.Tensor", this, target);
        public Tensor ge_(Scalar target) => Aten.InPlace("ge_.Scalar", this, target);
        public Tensor equal(Tensor target) => Aten.Tensor("eq.Tensor", this, target);
        public Tensor not_equal(Tensor target) => Aten.Tensor("ne.Tensor", this, target);
        public Tensor less(Tensor target) => Aten.Tensor("lt.Tensor", this, target);
        public Tensor less_equal(Tensor target) => Aten.Tensor("le.Tensor", this, target);
        public Tensor greater(Tensor target) => Aten.Tensor("gt.Tensor", this, target);
        public Tensor greater_equal(Tensor target) => Aten.Tensor("ge.Tensor", this, target);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Aten.Tensor("isclose", this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Aten.Bool("allclose", this, target, rtol, atol, equal_nan);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Aten.Tensor("isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);
        public Tensor logical_and(Tensor other) => Aten.Tensor("logical_and", this, other);
        public Tensor logical_and_(Tensor other) => Aten.InPlace("logical_and_", this, other);
        public Tensor logical_or(Tensor other) => Aten.Tensor("logical_or", this, other);
        public Tensor logical_or_(Tensor other) => Aten.InPlace("logical_or_", this, other);
        public Tensor logical_xor(Tensor other) => Aten.Tensor("logical_xor", this, other);
        public Tensor logical_xor_(Tensor other) => Aten.InPlace("logical_xor_", this, other);
        public Tensor bitwise_and(Tensor other) => Aten.Tensor("bitwise_and.Tensor", this, other);
        public Tensor bitwise_or(Tensor other) => Aten.Tensor("bitwise_or.Tensor", this, other);
        public Tensor bitwise_xor(Tensor other) => Aten.Tensor("bitwise_xor.Tensor", this, other);
        public Tensor where(Tensor condition, Tensor y) => Aten.Tensor("where.self", condition, this, y);
    }
}
