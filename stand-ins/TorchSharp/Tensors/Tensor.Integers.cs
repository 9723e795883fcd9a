using TorchSharp.Native;

namespace TorchSharp;

// Operations on whole numbers and on the parts of a floating point number.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bitwise_and_(Tensor other) => Aten.InPlace("bitwise_and_.Tensor", this, other);
        public Tensor bitwise_or_(Tensor other) => Aten.InPlace("bitwise_or_.Tensor", this, other);
        public Tensor bitwise_xor_(Tensor other) => Aten.InPlace("bitwise_xor_.Tensor", this, other);
        public Tensor bitwise_left_shift(Tensor other) => Aten.Tensor("bitwise_left_shift.Tensor", this, other);
        public Tensor bitwise_left_shift_(Tensor other) => Aten.InPlace("bitwise_left_shift_.Tensor", this, other);
        public Tensor bitwise_right_shift(Tensor other) => Aten.Tensor("bitwise_right_shift.Tensor", this, other);
        public Tensor bitwise_right_shift_(Tensor other) => Aten.InPlace("bitwise_right_shift_.Tensor", this, other);
        public Tensor gcd(Tensor other) => Aten.Tensor("gcd", this, other);
        public Tensor gcd_(Tensor other) => Aten.InPlace("gcd_", this, other);
        public Tensor lcm(Tensor other) => Aten.Tensor("lcm", this, other);
        public Tensor lcm_(Tensor other) => Aten.InPlace("lcm_", this, other);
        public Tensor ldexp(Tensor other) => Aten.Tensor("ldexp.Tensor", this, other);
        public Tensor ldexp_(Tensor other) => Aten.InPlace("ldexp_", this, other);
        public (Tensor, Tensor) frexp() => Aten.Two("frexp.Tensor", this);
        public Tensor nextafter(Tensor other) => Aten.Tensor("nextafter", this, other);
        public Tensor heaviside(Tensor other) => Aten.Tensor("heaviside", this, other);
    }
}
