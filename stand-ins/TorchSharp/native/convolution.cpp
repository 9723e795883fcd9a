#include "convolution.h"
#include "few_channels.h"
#include <ATen/Parallel.h>
#include <oneapi/dnnl/dnnl.hpp>
#include <cstring>
#include <map>
#include <mutex>

namespace shim {

using dnnl::memory;
using Tag = memory::format_tag;
using Arguments = std::unordered_map<int, memory>;

static const dnnl::engine& cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

static dnnl::stream& stream() {
    static thread_local dnnl::stream stream(cpu());
    return stream;
}

bool convolves(at::ScalarType type) {
    if (type == at::kFloat) return true;
#if defined(__x86_64__)
    static const bool bf16 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return type == at::kBFloat16 && bf16;
#else
    return false;
#endif
}

static memory::data_type type_of(const at::Tensor& t) { return t.scalar_type() == at::kBFloat16 ? memory::data_type::bf16 : memory::data_type::f32; }

static memory wrap(const memory::desc& description, const at::Tensor& t) { return memory(description, cpu(), t.data_ptr()); }

// A weight as it lies, whatever its strides.
static memory::desc as_it_lies(const at::Tensor& t) { return {t.sizes().vec(), type_of(t), t.strides().vec()}; }

static at::Tensor channels_last(at::IntArrayRef sizes, const at::Tensor& like) {
    return at::empty(sizes, like.options().memory_format(at::MemoryFormat::ChannelsLast));
}

enum Kind { FORWARD, BACK, WEIGHTS };

// What oneDNN makes once for each kind and shape. Asking oneDNN for it again costs as much as a small convolution.
struct Prepared {
    memory::desc x, w, y;
    dnnl::primitive primitive;
};

static Prepared prepare(Kind kind, memory::data_type type, const memory::dims& x, const memory::dims& w, const memory::dims& y, bool bias, const Window& v, double slope) {
    using namespace dnnl;
    const memory::dims stride{v.stride_h, v.stride_w}, before{v.pad_h, v.pad_w};
    memory::dims after;
    for (int d = 0; d < 2; d++) after.push_back((y[2 + d] - 1) * stride[d] + w[2 + d] - x[2 + d] - before[d]);
    const memory::desc xd(x, type, Tag::nhwc), yd(y, type, Tag::nhwc), wd(w, type, Tag::any), bd = bias ? memory::desc({w[0]}, memory::data_type::f32, Tag::a) : memory::desc();
    primitive_attr attributes;
    if (kind == FORWARD && slope != no_activation) {
        post_ops after_sum;
        after_sum.append_eltwise(1, algorithm::eltwise_relu, static_cast<float>(slope), 0);
        attributes.set_post_ops(after_sum);
    }
    const convolution_forward::primitive_desc forward({prop_kind::forward_training, algorithm::convolution_direct, xd, wd, bd, yd, stride, before, after}, attributes, cpu());
    if (kind == FORWARD) return {xd, forward.weights_desc(), yd, convolution_forward(forward)};
    if (kind == BACK) {
        const convolution_backward_data::primitive_desc back({algorithm::convolution_direct, xd, wd, yd, stride, before, after}, cpu(), forward);
        return {xd, back.weights_desc(), yd, convolution_backward_data(back)};
    }
    const memory::desc full(w, memory::data_type::f32, Tag::any);
    const convolution_backward_weights::primitive_desc weights({algorithm::convolution_direct, xd, full, bd, yd, stride, before, after}, cpu(), forward);
    return {xd, weights.diff_weights_desc(), yd, convolution_backward_weights(weights)};
}

static const Prepared& prepared(Kind kind, const at::Tensor& like, at::IntArrayRef x, at::IntArrayRef w, at::IntArrayRef y, bool bias, const Window& v, double slope) {
    static thread_local std::map<std::vector<int64_t>, Prepared> known;
    std::vector<int64_t> key{kind, static_cast<int64_t>(like.scalar_type()), bias, v.stride_h, v.stride_w, v.pad_h, v.pad_w, at::get_num_threads()};
    for (auto sizes : {x, w, y}) key.insert(key.end(), sizes.begin(), sizes.end());
    int64_t bits;
    std::memcpy(&bits, &slope, sizeof bits);
    key.push_back(bits);
    auto found = known.find(key);
    if (found == known.end()) {
        if (known.size() > 4096) known.clear();  // sizes that never come again must not fill the memory
        found = known.emplace(key, prepare(kind, type_of(like), x.vec(), w.vec(), y.vec(), bias, v, slope)).first;
    }
    return found->second;
}

static void reorder(const memory& from, const memory& to) {
    dnnl::reorder(from, to).execute(stream(), const_cast<memory&>(from), const_cast<memory&>(to));
}

// Storages whose address managed code was given.
class Exposed {
  public:
    static bool holds(const at::Tensor& t) {
        auto& s = storages();
        std::lock_guard<std::mutex> lock(s.gate);
        auto found = s.all.find(t.storage().unsafeGetStorageImpl());
        return found != s.all.end() && !found->second.expired();
    }

    static void add(const at::Tensor& t) {
        if (!t.has_storage()) return;
        auto& s = storages();
        std::lock_guard<std::mutex> lock(s.gate);
        if (s.all.size() >= s.limit) {
            for (auto i = s.all.begin(); i != s.all.end();) i = i->second.expired() ? s.all.erase(i) : std::next(i);
            s.limit = 2 * s.all.size() + 64;
        }
        s.all.insert_or_assign(t.storage().unsafeGetStorageImpl(), c10::weak_intrusive_ptr<c10::StorageImpl>(c10::intrusive_ptr<c10::StorageImpl>::reclaim_copy(t.storage().unsafeGetStorageImpl())));
    }

  private:
    struct Storages {
        std::mutex gate;
        size_t limit = 64;
        std::unordered_map<c10::StorageImpl*, c10::weak_intrusive_ptr<c10::StorageImpl>> all;
    };
    static Storages& storages() {
        static Storages s;
        return s;
    }
};

void exposed(const at::Tensor& t) { Exposed::add(t); }

// Weights in oneDNN's order, for as long as the tensor lives and its version stays.
class PackedWeights {
  public:
    static memory of(const at::Tensor& w, const memory::desc& wanted) {
        const auto lies = as_it_lies(w);
        if (lies == wanted) return wrap(lies, w);
        if (w.is_inference() || Exposed::holds(w)) return packed(w, lies, wanted);  // no version tells of a change
        static PackedWeights all;
        std::lock_guard<std::mutex> lock(all.gate);
        const int64_t version = w._version();
        auto& entry = all.entries[w.unsafeGetTensorImpl()];
        if (entry.forms.empty() || entry.owner.expired() || entry.version != version || entry.data != w.data_ptr()) {
            all.forget_the_dead();
            auto& fresh = all.entries[w.unsafeGetTensorImpl()];
            fresh = {c10::weak_intrusive_ptr<at::TensorImpl>(w.getIntrusivePtr()), version, w.data_ptr(), {}};
            return fresh.forms.emplace_back(packed(w, lies, wanted));
        }
        for (auto& form : entry.forms)
            if (form.get_desc() == wanted) return form;
        return entry.forms.emplace_back(packed(w, lies, wanted));
    }

  private:
    struct Entry {
        c10::weak_intrusive_ptr<at::TensorImpl> owner{c10::intrusive_ptr<at::TensorImpl>()};
        int64_t version = 0;
        void* data = nullptr;
        std::vector<memory> forms;
    };

    static memory packed(const at::Tensor& w, const memory::desc& lies, const memory::desc& wanted) {
        memory result(wanted, cpu());
        reorder(wrap(lies, w), result);
        return result;
    }

    void forget_the_dead() {
        for (auto i = entries.begin(); i != entries.end();)
            if (!i->second.forms.empty() && i->second.owner.expired()) i = entries.erase(i);
            else ++i;
    }

    std::mutex gate;
    std::unordered_map<at::TensorImpl*, Entry> entries;
};

// Calls body with the loops and pointers of the tensor's type.
template <class Body> static void on(const at::Tensor& t, Body&& body) {
    if (t.scalar_type() == at::kBFloat16) body(few_channels<bf16>(), [](const at::Tensor& x) { return static_cast<bf16*>(x.data_ptr()); });
    else body(few_channels<float>(), [](const at::Tensor& x) { return static_cast<float*>(x.data_ptr()); });
}

static bool suits_few_channels(const at::Tensor& t, int64_t channels, const at::Tensor& w, const Window& v) {
    const auto step = t.scalar_type() == at::kBFloat16 ? few_channels<bf16>().step : few_channels<float>().step;
    return step > 0 && channels % step == 0 && v.stride_h == 1 && v.stride_w == 1 && w.size(3) <= 8;
}

static Image image(const at::Tensor& t) { return {t.size(0), t.size(2), t.size(3), t.size(1)}; }

static at::Tensor zero_border(const at::Tensor& x, int64_t rows, int64_t columns) {
    if (rows == 0 && columns == 0) return x;
    auto y = channels_last({x.size(0), x.size(1), x.size(2) + 2 * rows, x.size(3) + 2 * columns}, x).zero_();
    y.narrow(2, rows, x.size(2)).narrow(3, columns, x.size(3)).copy_(x);
    return y;
}

// x [N,C,H,W] with its border, w [kh,kw,C] -> [N,1,H-kh+1,W-kw+1]
static at::Tensor to_one(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias) {
    auto y = channels_last({x.size(0), 1, x.size(2) - w.size(0) + 1, x.size(3) - w.size(1) + 1}, x);
    const auto shift = bias.defined() ? bias.item<float>() : 0.0f;
    on(x, [&](auto& loops, auto data) { loops.to_one(data(x), data(w), data(y), image(x), w.size(0), w.size(1), shift, at::get_num_threads()); });
    return y;
}

at::Tensor convolve(const at::Tensor& x, const at::Tensor& w, const at::Tensor& bias, const Window& v, double slope) {
    if (w.size(0) == 1 && slope == no_activation && suits_few_channels(x, w.size(1), w, v))
        return to_one(zero_border(x, v.pad_h, v.pad_w), w[0].permute({1, 2, 0}).contiguous(), bias);
    std::vector<int64_t> size{x.size(0), w.size(0), (x.size(2) + 2 * v.pad_h - w.size(2)) / v.stride_h + 1, (x.size(3) + 2 * v.pad_w - w.size(3)) / v.stride_w + 1};
    auto y = channels_last(size, x);
    const auto& p = prepared(FORWARD, x, x.sizes(), w.sizes(), size, bias.defined(), v, slope);
    Arguments arguments{{DNNL_ARG_SRC, wrap(p.x, x)}, {DNNL_ARG_WEIGHTS, PackedWeights::of(w, p.w)}, {DNNL_ARG_DST, wrap(p.y, y)}};
    at::Tensor full;
    if (bias.defined()) {
        full = bias.to(at::kFloat).contiguous();
        arguments.emplace(DNNL_ARG_BIAS, memory({{w.size(0)}, memory::data_type::f32, Tag::a}, cpu(), full.data_ptr()));
    }
    p.primitive.execute(stream(), arguments);
    return y;
}

at::Tensor convolve_back(const at::Tensor& g, const at::Tensor& w, int64_t height, int64_t width, const Window& v) {
    if (w.size(1) == 1 && v.pad_h < w.size(2) && v.pad_w < w.size(3) && suits_few_channels(g, w.size(0), w, v))
        return to_one(zero_border(g, w.size(2) - 1 - v.pad_h, w.size(3) - 1 - v.pad_w), w.select(1, 0).flip({1, 2}).permute({1, 2, 0}).contiguous(), {});
    std::vector<int64_t> size{g.size(0), w.size(1), height, width};
    auto x = channels_last(size, g);
    const auto& p = prepared(BACK, g, size, w.sizes(), g.sizes(), false, v, no_activation);
    p.primitive.execute(stream(), {{DNNL_ARG_DIFF_DST, wrap(p.y, g)}, {DNNL_ARG_WEIGHTS, PackedWeights::of(w, p.w)}, {DNNL_ARG_DIFF_SRC, wrap(p.x, x)}});
    return x;
}

at::Tensor convolution_weight_gradient(const at::Tensor& x, const at::Tensor& g, const at::Tensor& w, const Window& v, at::Tensor* bias) {
    if (w.size(0) == 1 && suits_few_channels(x, w.size(1), w, v)) {
        const auto bordered = zero_border(x, v.pad_h, v.pad_w);
        auto sums = at::empty({w.size(2), w.size(3), w.size(1)}, w.options().dtype(at::kFloat).memory_format(at::MemoryFormat::Contiguous));
        on(x, [&](auto& loops, auto data) { loops.to_one_weights(data(bordered), data(g), sums.template data_ptr<float>(), image(bordered), w.size(2), w.size(3), at::get_num_threads()); });
        if (bias) *bias = g.sum(at::kFloat).to(w.scalar_type()).view({1});
        return at::empty_strided(w.sizes(), w.strides(), w.options()).copy_(sums.permute({2, 0, 1}).unsqueeze(0));
    }
    auto gw = at::empty_strided(w.sizes(), w.strides(), w.options());
    const auto& p = prepared(WEIGHTS, x, x.sizes(), w.sizes(), g.sizes(), bias != nullptr, v, no_activation);
    const auto lies = as_it_lies(gw);
    memory result = lies == p.w ? wrap(lies, gw) : memory(p.w, cpu());
    Arguments arguments{{DNNL_ARG_SRC, wrap(p.x, x)}, {DNNL_ARG_DIFF_DST, wrap(p.y, g)}, {DNNL_ARG_DIFF_WEIGHTS, result}};
    at::Tensor full;
    if (bias) {
        full = at::empty({w.size(0)}, w.options().dtype(at::kFloat));
        arguments.emplace(DNNL_ARG_DIFF_BIAS, memory({{w.size(0)}, memory::data_type::f32, Tag::a}, cpu(), full.data_ptr()));
    }
    p.primitive.execute(stream(), arguments);
    if (lies != p.w) reorder(result, wrap(lies, gw));
    if (bias) *bias = full.to(w.scalar_type());
    return gw;
}

}  // namespace shim
