// Two things that libtorch 1.13 does slowly on a CPU: transposed convolution and the Adam step.
#include "shim.h"
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <cmath>

using namespace shim;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// conv_transpose(x, w) is the gradient of conv(y, w) with respect to y. Libtorch runs that gradient through
// oneDNN, but not the transposed convolution itself; so it is asked for the gradient.
struct TransposedConvolution : torch::autograd::Function<TransposedConvolution> {
    static at::Tensor forward(AutogradContext* ctx, at::Tensor x, at::Tensor w, std::vector<int64_t> stride, std::vector<int64_t> padding,
                              std::vector<int64_t> output_padding, std::vector<int64_t> dilation, int64_t groups) {
        std::vector<int64_t> size{x.size(0), w.size(1) * groups};
        for (size_t i = 0; i < stride.size(); i++)
            size.push_back((x.size(i + 2) - 1) * stride[i] - 2 * padding[i] + dilation[i] * (w.size(i + 2) - 1) + output_padding[i] + 1);
        for (auto s : size) TORCH_CHECK(s > 0, "conv_transpose2d: the output would be of size ", size);
        ctx->save_for_backward({x, w});
        ctx->saved_data["stride"] = stride;
        ctx->saved_data["padding"] = padding;
        ctx->saved_data["dilation"] = dilation;
        ctx->saved_data["groups"] = groups;
        std::vector<int64_t> zeros(stride.size(), 0);
        return std::get<0>(at::convolution_backward(x, at::empty(size, x.options()), w, c10::nullopt, stride, padding, dilation, false, zeros, groups, {true, false, false}));
    }

    static variable_list backward(AutogradContext* ctx, variable_list gradients) {
        auto saved = ctx->get_saved_variables();
        auto x = saved[0], w = saved[1], g = gradients[0];
        auto stride = ctx->saved_data["stride"].toIntVector(), padding = ctx->saved_data["padding"].toIntVector(), dilation = ctx->saved_data["dilation"].toIntVector();
        auto groups = ctx->saved_data["groups"].toInt();
        std::vector<int64_t> zeros(stride.size(), 0);
        at::Tensor gx, gw;
        if (ctx->needs_input_grad(0)) gx = at::convolution(g, w, {}, stride, padding, dilation, false, zeros, groups);
        if (ctx->needs_input_grad(1))
            gw = std::get<1>(at::convolution_backward(x, g, w, c10::nullopt, stride, padding, dilation, false, zeros, groups, {false, true, false}));
        return {gx, gw, {}, {}, {}, {}, {}};
    }
};

// parameters = {stride, padding, output padding, dilation}, two numbers each
SHIM_EXPORT void* shim_conv_transpose2d(void* x, void* w, void* bias, const int64_t* parameters, int64_t groups) {
    return guarded<void*>(nullptr, [&] {
        auto pair = [&](int i) { return std::vector<int64_t>(parameters + 2 * i, parameters + 2 * i + 2); };
        auto input = borrow(x), weight = borrow(w), b = borrow(bias);
        TORCH_CHECK(input.dim() == 3 || input.dim() == 4, "Expected 3D (unbatched) or 4D (batched) input to conv_transpose2d, but got input of size: ", input.sizes());
        TORCH_CHECK(weight.dim() == 4, "Expected a 4D weight for conv_transpose2d, but got one of size: ", weight.sizes());
        TORCH_CHECK(input.size(-3) == weight.size(0), "Given transposed=1, weight of size ", weight.sizes(), ", expected input", input.sizes(),
                    " to have ", weight.size(0), " channels, but got ", input.size(-3), " channels instead");
        auto batched = input.dim() == 4 ? input : input.unsqueeze(0);
        auto y = TransposedConvolution::apply(batched, weight, pair(0), pair(1), pair(2), pair(3), groups);
        if (b.defined()) y = y.add_(b.view({1, -1, 1, 1}));
        return give(input.dim() == 4 ? y : y.squeeze(0));
    });
}

struct AdamStep { double beta1, beta2, epsilon, weight_decay, decoupled_decay, step_size, root_correction2; };

// Kingma and Ba 2015, algorithm 1; one pass over memory. `decoupled_decay` is AdamW's lr * weight_decay.
template <class T> static void adam(T* p, const T* g, T* m, T* v, int64_t from, int64_t to, const AdamStep& s) {
    const T b1 = T(s.beta1), c1 = T(1 - s.beta1), b2 = T(s.beta2), c2 = T(1 - s.beta2), eps = T(s.epsilon), decay = T(s.weight_decay),
            keep = T(1 - s.decoupled_decay), size = T(s.step_size), root = T(1 / s.root_correction2);
    for (int64_t i = from; i < to; i++) {
        const T w = p[i] * keep;
        const T grad = g[i] + decay * w;
        m[i] = b1 * m[i] + c1 * grad;
        v[i] = b2 * v[i] + c2 * grad * grad;
        p[i] = w - size * m[i] / (std::sqrt(v[i]) * root + eps);
    }
}

SHIM_EXPORT int32_t shim_adam(void* parameter, void* gradient, void* mean, void* variance, const AdamStep* step) {
    return guarded<int32_t>(-1, [&] {
        auto p = borrow(parameter), g = borrow(gradient).contiguous(), m = borrow(mean), v = borrow(variance);
        TORCH_CHECK(p.is_contiguous() && m.is_contiguous() && v.is_contiguous(), "the fused Adam step wants contiguous tensors");
        TORCH_CHECK(g.scalar_type() == p.scalar_type() && m.scalar_type() == p.scalar_type() && v.scalar_type() == p.scalar_type(), "the fused Adam step wants tensors of one type");
        AT_DISPATCH_FLOATING_TYPES(p.scalar_type(), "adam", [&] {
            auto pp = p.data_ptr<scalar_t>(), gp = g.data_ptr<scalar_t>(), mp = m.data_ptr<scalar_t>(), vp = v.data_ptr<scalar_t>();
            at::parallel_for(0, p.numel(), 16384, [&](int64_t from, int64_t to) { adam(pp, gp, mp, vp, from, to, *step); });
        });
        for (auto t : {p, m, v}) t.unsafeGetTensorImpl()->bump_version();
        return 0;
    });
}
