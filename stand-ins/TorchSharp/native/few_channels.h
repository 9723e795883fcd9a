// Convolutions that end or begin in a single channel, at a stride of 1: the first and last layer of an image network. oneDNN reaches a twentieth of the
// processor's rate on them, because it puts the output's channels side by side in a register; here the other side's channels lie there.
#pragma once
#include "pointwise.h"

namespace shim {

template <class T> struct FewChannels {
    int64_t step = 0;  // channels must be a multiple of this
    // x [N,H,W,C], w [kh,kw,C] -> y [N,H-kh+1,W-kw+1], plus the bias
    void (*to_one)(const T* x, const T* w, T* y, Image, int64_t kernel_h, int64_t kernel_w, float bias, int threads) = nullptr;
    // x [N,H,W,C], g [N,H-kh+1,W-kw+1] -> gradient of w [kh,kw,C]; kw of at most 8
    void (*to_one_weights)(const T* x, const T* g, float* gw, Image, int64_t kernel_h, int64_t kernel_w, int threads) = nullptr;
};

// Empty where the processor lacks the instructions.
template <class T> const FewChannels<T>& few_channels();

}  // namespace shim
