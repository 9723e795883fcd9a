// The run of layers that image networks are made of - mirrored border, convolution (or its transpose), instance normalisation, (leaky) ReLU - as one node of the
// graph on channels-last memory. It computes what the layers compute one after another.
#include "convolution.h"
#include "pointwise.h"
#include "shim.h"
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>

using namespace shim;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

// As managed code lays it out.
struct Block {
    int64_t stride_h, stride_w, pad_h, pad_w, output_pad_h, output_pad_w;
    int64_t left, right, top, bottom;  // mirrored border
    int64_t transposed, normalised;
    double epsilon, negative_slope;

    Window window() const { return {stride_h, stride_w, pad_h, pad_w}; }
    Border border() const { return {left, right, top, bottom}; }
    bool bordered() const { return left || right || top || bottom; }
};

static Image image(const at::Tensor& t) { return {t.size(0), t.size(2), t.size(3), t.size(1)}; }
static at::Tensor channels_last(const at::Tensor& t) { return t.contiguous(at::MemoryFormat::ChannelsLast); }
static at::Tensor empty(at::IntArrayRef size, const at::Tensor& like) { return at::empty(size, like.options().memory_format(at::MemoryFormat::ChannelsLast)); }

// Calls body with the loops and pointers of the tensors' type.
template <class Body> static void on(const at::Tensor& t, Body&& body) {
    if (t.scalar_type() == at::kBFloat16) body(pointwise<bf16>(), [](const at::Tensor& x) { return static_cast<bf16*>(x.data_ptr()); });
    else body(pointwise<float>(), [](const at::Tensor& x) { return static_cast<float*>(x.data_ptr()); });
}

static at::Tensor bordered(const at::Tensor& x, const Block& b) {
    if (!b.bordered()) return x;
    auto y = empty({x.size(0), x.size(1), x.size(2) + b.top + b.bottom, x.size(3) + b.left + b.right}, x);
    on(x, [&](auto& loops, auto data) { loops.reflect(data(x), data(y), image(x), b.border(), at::get_num_threads()); });
    return y;
}

// The same with libtorch's own layers, which can be differentiated again and again.
static at::Tensor layers(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias, const Block& b) {
    // libtorch 1.13 mirrors no bfloat16 on a CPU.
    auto y = b.bordered() ? at::reflection_pad2d(x.to(at::kFloat), {b.left, b.right, b.top, b.bottom}).to(x.scalar_type()) : x;
    y = at::convolution(y, w, bias, {b.stride_h, b.stride_w}, {b.pad_h, b.pad_w}, {1, 1}, b.transposed, {b.output_pad_h, b.output_pad_w}, 1);
    if (b.normalised) y = at::instance_norm(y, {}, {}, {}, {}, true, 0, b.epsilon, false);
    return b.negative_slope == no_activation ? y : at::leaky_relu(y, b.negative_slope);
}

// What the passes of a block leave behind for its gradient.
struct Trace {
    at::Tensor padded;       // the input with its border; undefined without one
    at::Tensor raw;          // before normalisation
    at::Tensor mean, scale;  // of normalisation, [N,C]
};

static at::Tensor run(const at::Tensor& input, const at::Tensor& w, const at::Tensor& bias, const Block& b, bool keep, Trace& trace) {
    const auto x = bordered(channels_last(input), b);
    if (b.bordered()) trace.padded = x;
    // What normalisation takes away again need not be added.
    const auto shift = b.normalised ? at::Tensor() : bias;
    const auto slope = b.normalised ? no_activation : b.negative_slope;
    at::Tensor y;
    if (b.transposed) {
        y = convolve_back(x, w, (x.size(2) - 1) * b.stride_h - 2 * b.pad_h + w.size(2) + b.output_pad_h, (x.size(3) - 1) * b.stride_w - 2 * b.pad_w + w.size(3) + b.output_pad_w, b.window());
        if (shift.defined()) y.add_(shift.view({1, -1, 1, 1}));
        if (slope != no_activation) at::leaky_relu_(y, slope);
    } else {
        y = convolve(x, w, shift, b.window(), slope);
    }
    if (!b.normalised) return y;
    trace.raw = y;
    trace.mean = at::empty({y.size(0), y.size(1)}, y.options().dtype(at::kFloat).memory_format(at::MemoryFormat::Contiguous));
    trace.scale = at::empty_like(trace.mean);
    if (keep) y = at::empty_like(trace.raw);
    on(y, [&](auto& loops, auto data) {
        loops.normalise(data(trace.raw), data(y), trace.mean.template data_ptr<float>(), trace.scale.template data_ptr<float>(), image(y), b.epsilon, static_cast<float>(b.negative_slope), at::get_num_threads());
    });
    return y;
}

struct BlockBackward : torch::autograd::Node {
    Block b;
    Trace trace;
    SavedVariable x, w, bias, y;

    std::string name() const override { return "ConvolutionBlockBackward"; }

    void release_variables() override {
        for (auto saved : {&x, &w, &bias, &y}) saved->reset_data();
        trace = {};
    }

    variable_list apply(variable_list&& gradients) override {
        variable_list result(3);
        if (!gradients[0].defined()) return result;
        const auto input = x.unpack(), weight = w.unpack(), shift = bias.unpack();
        if (c10::GradMode::is_enabled()) return again(input, weight, shift, gradients[0]);

        auto g = channels_last(gradients[0].to(weight.scalar_type()));
        if (b.normalised) {
            auto inner = at::empty_like(g);
            on(g, [&](auto& loops, auto data) {
                loops.normalise_back(data(trace.raw), data(g), data(inner), trace.mean.template data_ptr<float>(), trace.scale.template data_ptr<float>(), image(g), static_cast<float>(b.negative_slope), at::get_num_threads());
            });
            g = inner;
        } else if (b.negative_slope != no_activation) {
            const auto output = channels_last(y.unpack(shared_from_this()));
            auto inner = at::empty_like(g);
            on(g, [&](auto& loops, auto data) { loops.activate_back(data(output), data(g), data(inner), g.numel(), static_cast<float>(b.negative_slope), at::get_num_threads()); });
            g = inner;
        }
        const auto padded = b.bordered() ? trace.padded : channels_last(input);
        const bool wants_bias = shift.defined() && task_should_compute_output(2);
        if (task_should_compute_output(1)) {
            if (b.transposed) result[1] = convolution_weight_gradient(g, padded, weight, b.window(), nullptr);
            else result[1] = convolution_weight_gradient(padded, g, weight, b.window(), wants_bias && !b.normalised ? &result[2] : nullptr);
        }
        if (wants_bias && !result[2].defined()) result[2] = b.normalised ? at::zeros_like(shift) : g.sum({0, 2, 3});
        if (task_should_compute_output(0)) {
            auto inner = b.transposed ? convolve(g, weight, {}, b.window(), no_activation) : convolve_back(g, weight, padded.size(2), padded.size(3), b.window());
            if (b.bordered()) {
                result[0] = empty(input.sizes(), inner);
                on(inner, [&](auto& loops, auto data) { loops.reflect_back(data(inner), data(result[0]), image(result[0]), b.border(), at::get_num_threads()); });
            } else {
                result[0] = inner;
            }
        }
        return result;
    }

    // The gradient as something that can be differentiated itself.
    variable_list again(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& shift, const at::Tensor& g) {
        variable_list result(3), wanted;
        std::vector<size_t> places;
        const auto output = layers(input, weight, shift, b);
        for (size_t i = 0; i < 3; i++)
            if (task_should_compute_output(i)) {
                wanted.push_back(i == 0 ? input : i == 1 ? weight : shift);
                places.push_back(i);
            }
        auto found = torch::autograd::grad({output}, wanted, {g.to(output.scalar_type())}, true, true, true);
        for (size_t i = 0; i < found.size(); i++) result[places[i]] = found[i];
        return result;
    }
};

// The block's result, or nothing (and no error) where it cannot take these tensors and the layers should be called one by one.
SHIM_EXPORT int32_t shim_convolution_block(void* input, void* weight, void* bias, const Block* block, void** result) {
    return guarded<int32_t>(-1, [&] {
        *result = nullptr;
        const auto x = borrow(input), w = borrow(weight), shift = borrow(bias);
        if (x.dim() != 4 || w.dim() != 4 || !x.device().is_cpu() || !w.device().is_cpu() || x.scalar_type() != w.scalar_type() || !convolves(x.scalar_type())
            || (shift.defined() && shift.scalar_type() != w.scalar_type()) || x.size(1) != w.size(block->transposed ? 0 : 1) || x.numel() == 0 || w.numel() == 0) return 0;
        if (block->bordered() && (block->left >= x.size(3) || block->right >= x.size(3) || block->top >= x.size(2) || block->bottom >= x.size(2))) return 0;
        const bool last = x.suggest_memory_format() == at::MemoryFormat::ChannelsLast || w.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
        if (!last) return 0;
        const int64_t h = x.size(2) + block->top + block->bottom + 2 * block->pad_h, v = x.size(3) + block->left + block->right + 2 * block->pad_w;
        if (!block->transposed && (h < w.size(2) || v < w.size(3))) return 0;

        const bool keep = c10::GradMode::is_enabled() && (x.requires_grad() || w.requires_grad() || (shift.defined() && shift.requires_grad()));
        Trace trace;
        at::Tensor y;
        {
            at::NoGradGuard none;
            y = run(x, w, shift, *block, keep, trace);
        }
        if (keep) {
            auto node = std::shared_ptr<BlockBackward>(new BlockBackward(), torch::autograd::deleteNode);
            node->b = *block;
            node->trace = std::move(trace);
            node->x = SavedVariable(x, false);
            node->w = SavedVariable(w, false);
            if (shift.defined()) node->bias = SavedVariable(shift, false);
            node->set_next_edges(torch::autograd::collect_next_edges(x, w, shift));
            torch::autograd::set_history(y, node);
            if (!block->normalised && block->negative_slope != no_activation) node->y = SavedVariable(y, true);
        }
        *result = give(y);
        return 0;
    });
}
