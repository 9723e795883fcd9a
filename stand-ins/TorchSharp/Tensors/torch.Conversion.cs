
namespace TorchSharp;

// The same as methods of Tensor: element type and device.
public static partial class torch
{
    public static Tensor conj(Tensor input) => input.conj();
    public static Tensor view_as_complex(Tensor input) => input.view_as_complex();
    public static Tensor view_as_real(Tensor input) => input.view_as_real();
}
