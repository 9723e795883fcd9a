// Convolutions of [N,C,H,W] tensors that lie channels-last in memory, through oneDNN itself: activations are taken and given as they lie, weights in oneDNN's
// own order are kept until the weights change.
#pragma once
#include <ATen/ATen.h>

namespace shim {

// Of a convolution with zero padding, no groups, no dilation. A transposed convolution is the gradient of one.
struct Window {
    int64_t stride_h, stride_w, pad_h, pad_w;
};

// An activation as a factor for negative values: 1 = none, 0 = ReLU, otherwise leaky ReLU.
constexpr double no_activation = 1;

// Whether the functions below can take tensors of this type on this machine.
bool convolves(at::ScalarType type);

// x [N,I,H,W], w [O,I,kh,kw], bias [O] or undefined -> act(conv(x, w) + bias), [N,O,OH,OW]
at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias, const Window& window, double negative_slope);
// g [N,O,OH,OW] -> [N,I,H,W], the gradient for an x of `height` and `width`
at::Tensor convolve_back(const at::Tensor& g, const at::Tensor& w, int64_t height, int64_t width, const Window& window);
// -> gradient of w, and of the bias into `bias` where it is not null
at::Tensor convolution_weight_gradient(const at::Tensor& x, const at::Tensor& g, const at::Tensor& w, const Window& window, at::Tensor* bias);

// Tells that this memory may be written behind libtorch's back from now on: nothing is kept of it.
void exposed(const at::Tensor& t);

}  // namespace shim
