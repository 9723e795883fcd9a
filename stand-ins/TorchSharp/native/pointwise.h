// What lies between two convolutions, on channels-last memory: one pass each, in float whatever the tensors' type.
#pragma once
#include <cstdint>

namespace shim {

struct bf16 { uint16_t bits; };

// [N,H,W,C] in memory.
struct Image { int64_t n, h, w, c; int64_t pixels() const { return h * w; } };
struct Border { int64_t left, right, top, bottom; };

// Each of the loops for one type and one instruction set.
template <class T> struct Pointwise {
    // x -> y with its mirrored border
    void (*reflect)(const T* x, T* y, Image, Border, int threads);
    // gradient of y -> gradient of x
    void (*reflect_back)(const T* gy, T* gx, Image, Border, int threads);
    // y = act((x - mean) / sqrt(var + eps)) for each image and channel; mean and scale = 1 / sqrt(var + eps) are [N,C]
    void (*normalise)(const T* x, T* y, float* mean, float* scale, Image, double eps, float negative_slope, int threads);
    void (*normalise_back)(const T* x, const T* gy, T* gx, const float* mean, const float* scale, Image, float negative_slope, int threads);
    // gradient through act, told by the sign of its result
    void (*activate_back)(const T* y, const T* gy, T* gx, int64_t count, float negative_slope, int threads);
};

// The fastest that this processor can run.
template <class T> const Pointwise<T>& pointwise();

// The constants of an Adam step, as managed code lays them out.
struct AdamStep { double beta1, beta2, epsilon, weight_decay, decoupled_decay, step_size, root_correction2; };

// parameter, gradient, mean, variance, from, to
struct AdamLoops {
    void (*single)(float*, const float*, float*, float*, int64_t, int64_t, const AdamStep&);
    void (*full)(double*, const double*, double*, double*, int64_t, int64_t, const AdamStep&);
    void (*narrow)(float*, const bf16*, float*, float*, int64_t, int64_t, const AdamStep&);
};

const AdamLoops& adam_loops();

}  // namespace shim
