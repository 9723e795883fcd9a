using TorchSharp.Native;

namespace TorchSharp;

// Arithmetic between tensors and numbers, with broadcasting.
public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Aten.Tensor("add.Tensor", this, target);
        public Tensor add(Tensor target, Scalar alpha) => Aten.Tensor("add.Tensor", this, target, alpha);
        public Tensor add(Scalar scalar) => Aten.Tensor("add.Scalar", this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Aten.Tensor("add.Scalar", this, scalar, alpha);
        public Tensor add_(Tensor target) => Aten.InPlace("add_.Tensor", this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Aten.InPlace("add_.Tensor", this, target, alpha);
        public Tensor add_(Scalar scalar) => Aten.InPlace("add_.Scalar", this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.InPlace("add_.Scalar", this, scalar, alpha);
        public Tensor sub(Tensor target) => Aten.Tensor("sub.Tensor", this, target);
        public Tensor sub(Scalar target) => Aten.Tensor("sub.Scalar", this, target);
        public Tensor sub_(Tensor target) => Aten.InPlace("sub_.Tensor", this, target);
        public Tensor sub_(Scalar target) => Aten.InPlace("sub_.Scalar", this, target);
        public Tensor subtract(Tensor target) => Aten.Tensor("sub.Tensor", this, target);
        public Tensor subtract(Scalar target) => Aten.Tensor("sub.Scalar", this, target);
        public Tensor subtract_(Tensor target) => Aten.InPlace("sub_.Tensor", this, target);
        public Tensor subtract_(Scalar target) => Aten.InPlace("sub_.Scalar", this, target);
        public Tensor mul(Tensor target) => Aten.Tensor("mul.Tensor", this, target);
        public Tensor mul(Scalar target) => Aten.Tensor("mul.Scalar", this, target);
        public Tensor mul_(Tensor target) => Aten.InPlace("mul_.Tensor", this, target);
        public Tensor mul_(Scalar target) => Aten.InPlace("mul_.Scalar", this, target);
        public Tensor multiply(Tensor target) => Aten.Tensor("mul.Tensor", this, target);
        public Tensor multiply(Scalar target) => Aten.Tensor("mul.Scalar", this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Aten.Tensor("div.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Aten.Tensor("div.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => Aten.InPlace("div_.Tensor_mode", this, target, Rounding(rounding_mode));
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => Aten.InPlace("div_.Scalar_mode", this, target, Rounding(rounding_mode));
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide(Tensor other) => Aten.Tensor("div.Tensor", this, other);
        public Tensor true_divide(Scalar other) => Aten.Tensor("div.Scalar", this, other);
        public Tensor true_divide_(Tensor other) => Aten.InPlace("div_.Tensor", this, other);
        public Tensor true_divide_(Scalar other) => Aten.InPlace("div_.Scalar", this, other);
        public Tensor floor_divide(Tensor other) => Aten.Tensor("floor_divide", this, other);
        public Tensor floor_divide(Scalar other) => Aten.Tensor("floor_divide.Scalar", this, other);
        public Tensor floor_divide_(Tensor other) => Aten.InPlace("floor_divide_.Tensor", this, other);
        public Tensor floor_divide_(Scalar other) => Aten.InPlace("floor_divide_.Scalar", this, other);
        public Tensor fmod(Tensor target) => Aten.Tensor("fmod.Tensor", this, target);
        public Tensor fmod(Scalar scalar) => Aten.Tensor("fmod.Scalar", this, scalar);
        public Tensor fmod_(Tensor target) => Aten.InPlace("fmod_.Tensor", this, target);
        public Tensor fmod_(Scalar scalar) => Aten.InPlace("fmod_.Scalar", this, scalar);
        public Tensor remainder(Tensor target) => Aten.Tensor("remainder.Tensor", this, target);
        public Tensor remainder(Scalar scalar) => Aten.Tensor("remainder.Scalar", this, scalar);
        public Tensor remainder_(Tensor target) => Aten.InPlace("remainder_.Tensor", this, target);
        public Tensor remainder_(Scalar scalar) => Aten.InPlace("remainder_.Scalar", this, scalar);
        public Tensor pow(Tensor exponent) => Aten.Tensor("pow.Tensor_Tensor", this, exponent);
        public Tensor pow(Scalar exponent) => Aten.Tensor("pow.Tensor_Scalar", this, exponent);
        public Tensor pow_(Tensor exponent) => Aten.InPlace("pow_.Tensor", this, exponent);
        public Tensor pow_(Scalar exponent) => Aten.InPlace("pow_.Scalar", this, exponent);
        public Tensor float_power(Tensor target) => Aten.Tensor("float_power.Tensor_Tensor", this, target);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Tensor("addcmul", this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcmul_", this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Aten.Tensor("addcdiv", this, tensor1, tensor2);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.Tensor("addcdiv", this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => Aten.InPlace("addcdiv_", this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Aten.InPlace("addcdiv_", this, tensor1, tensor2, value);
        public Tensor atan2(Tensor other) => Aten.Tensor("atan2", this, other);
        public Tensor atan2_(Tensor other) => Aten.InPlace("atan2_", this, other);
        public Tensor arctan2(Tensor other) => Aten.Tensor("atan2", this, other);
        public Tensor hypot(Tensor other) => Aten.Tensor("hypot", this, other);
        public Tensor copysign(Tensor other) => Aten.Tensor("copysign.Tensor", this, other);
        public Tensor lerp(Tensor end, Tensor weight) => Aten.Tensor("lerp.Tensor", this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Aten.InPlace("lerp_.Tensor", this, end, weight);
        public Tensor logaddexp(Tensor other) => Aten.Tensor("logaddexp", this, other);
        public Tensor maximum(Tensor other) => Aten.Tensor("maximum", this, other);
        public Tensor minimum(Tensor other) => Aten.Tensor("minimum", this, other);
        public Tensor fmax(Tensor other) => Aten.Tensor("fmax", this, other);
        public Tensor fmin(Tensor other) => Aten.Tensor("fmin", this, other);
        public Tensor max(Tensor other) => Aten.Tensor("max.other", this, other);
        public Tensor min(Tensor other) => Aten.Tensor("min.other", this, other);
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Aten.Tensor("clamp", this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Aten.Tensor("clamp.Tensor", this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Aten.InPlace("clamp_", this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Aten.InPlace("clamp_.Tensor", this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => Aten.Tensor("clamp", this, min, max);
        public Tensor clamp_max(Scalar max) => Aten.Tensor("clamp_max", this, max);
        public Tensor clamp_max_(Scalar max) => Aten.InPlace("clamp_max_", this, max);
        public Tensor clamp_min(Scalar min) => Aten.Tensor("clamp_min", this, min);
        public Tensor clamp_min_(Scalar min) => Aten.InPlace("clamp_min_", this, min);
        public Tensor dist(Tensor other, float p = 2) => Aten.Tensor("dist", this, other, p);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.Tensor("cumsum", this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.Tensor("cumprod", this, dim, type);
        public Tensor logcumsumexp(long dim) => Aten.Tensor("logcumsumexp", this, dim);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Aten.Tensor("diff", this, n, dim, prepend, append);

        private static Arg Rounding(RoundingMode mode) => mode == RoundingMode.None ? Arg.None : mode.ToString();
    }
}
