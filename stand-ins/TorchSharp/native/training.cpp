// Two things that libtorch 1.13 does slowly on a CPU: transposed convolution and the Adam step.
#include "pointwise.h"
#include "shim.h"
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

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

// False where the tensors are not of the kinds that one pass can take.
SHIM_EXPORT int32_t shim_adam(void* parameter, void* gradient, void* mean, void* variance, const AdamStep* step) {
    return guarded<int32_t>(-1, [&] {
        auto p = borrow(parameter), g = borrow(gradient), m = borrow(mean), v = borrow(variance);
        const auto type = p.scalar_type();
        const bool narrow = type == at::kFloat && g.scalar_type() == at::kBFloat16;  // mixed precision: a master weight, and the gradient of its copy
        for (const auto& t : {p, g, m, v})
            if (!t.device().is_cpu() || t.is_sparse()) return 0;
        if ((type != at::kFloat && type != at::kDouble) || (g.scalar_type() != type && !narrow) || m.scalar_type() != type || v.scalar_type() != type) return 0;
        if (!p.is_non_overlapping_and_dense() || m.strides() != p.strides() || v.strides() != p.strides() || g.sizes() != p.sizes()) return 0;
        if (g.strides() != p.strides()) g = at::empty_strided(p.sizes(), p.strides(), g.options()).copy_(g);
        at::parallel_for(0, p.numel(), 16384, [&](int64_t from, int64_t to) {
            if (narrow) adam_loops().narrow(p.data_ptr<float>(), static_cast<const bf16*>(g.data_ptr()), m.data_ptr<float>(), v.data_ptr<float>(), from, to, *step);
            else if (type == at::kFloat) adam_loops().single(p.data_ptr<float>(), g.data_ptr<float>(), m.data_ptr<float>(), v.data_ptr<float>(), from, to, *step);
            else adam_loops().full(p.data_ptr<double>(), g.data_ptr<double>(), m.data_ptr<double>(), v.data_ptr<double>(), from, to, *step);
        });
        for (auto t : {p, m, v}) t.unsafeGetTensorImpl()->bump_version();
        return 1;
    });
}
