
namespace TorchSharp;

// The same as methods of Tensor: element type and device.
public static partial class torch
{
    public static Tensor conj(Tensor input) => input.conj();
    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();
    public static Tensor view_as_real(Tensor input) => input.view_as_real();
    public static Tensor BoolTensor(Tensor t) => t.@bool();
    public static Tensor ByteTensor(Tensor t) => t.@byte();
    public static Tensor ShortTensor(Tensor t) => t.@short();
    public static Tensor IntTensor(Tensor t) => t.@int();
    public static Tensor LongTensor(Tensor t) => t.@long();
    public static Tensor FloatTensor(Tensor t) => t.@float();
    public static Tensor DoubleTensor(Tensor t) => t.@double();
}
