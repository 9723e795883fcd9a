// What the dispatcher does not offer: metadata, raw memory, autograd, random state, modes.
#include "convolution.h"
#include "shim.h"
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

using namespace shim;

static at::TensorImpl* impl(void* handle) { return static_cast<at::TensorImpl*>(handle); }

SHIM_EXPORT void shim_release(void* handle) {
    c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(impl(handle));
}

SHIM_EXPORT void* shim_alias(void* handle) { return give(borrow(handle)); }

// out = {ndim, dtype, device type, device index, layout is sparse, requires grad, is leaf}
SHIM_EXPORT int32_t shim_describe(void* handle, int64_t* out) {
    return guarded<int32_t>(-1, [&] {
        auto t = borrow(handle);
        out[0] = t.dim();
        out[1] = static_cast<int64_t>(t.scalar_type());
        out[2] = static_cast<int64_t>(t.device().type());
        out[3] = t.device().index();
        out[4] = t.is_sparse();
        out[5] = t.requires_grad();
        out[6] = t.is_leaf();
        return 0;
    });
}

SHIM_EXPORT int64_t shim_dim(void* handle) { return impl(handle)->dim(); }

SHIM_EXPORT void shim_sizes(void* handle, int64_t* out) {
    auto sizes = impl(handle)->sizes();
    std::copy(sizes.begin(), sizes.end(), out);
}

SHIM_EXPORT int32_t shim_strides(void* handle, int64_t* out) {
    return guarded<int32_t>(-1, [&] {
        auto strides = impl(handle)->strides();
        std::copy(strides.begin(), strides.end(), out);
        return 0;
    });
}

SHIM_EXPORT void* shim_data(void* handle) {
    return guarded<void*>(nullptr, [&] {
        auto t = borrow(handle);
        exposed(t);
        return t.data_ptr();
    });
}

SHIM_EXPORT int64_t shim_own_bytes(void* handle) { auto i = impl(handle); return i->has_storage() && i->storage().use_count() == 1 ? i->storage().nbytes() : 0; }

// A tensor of its own memory, filled from `data`.
SHIM_EXPORT void* shim_from_memory(const void* data, int64_t bytes, const int64_t* sizes, int32_t dims, int32_t dtype) {
    return guarded<void*>(nullptr, [&] {
        auto t = at::empty(at::IntArrayRef(sizes, dims), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
        TORCH_CHECK(static_cast<int64_t>(t.nbytes()) == bytes, "the shape wants ", t.nbytes(), " bytes, not ", bytes);
        if (bytes) std::memcpy(t.data_ptr(), data, bytes);
        return give(std::move(t));
    });
}

SHIM_EXPORT int32_t shim_set_requires_grad(void* handle, int32_t on) {
    return guarded<int32_t>(-1, [&] { borrow(handle).set_requires_grad(on != 0); return 0; });
}

SHIM_EXPORT void* shim_grad(void* handle) {
    return guarded<void*>(nullptr, [&] { return give(borrow(handle).grad()); });
}

SHIM_EXPORT int32_t shim_set_grad(void* handle, void* grad) {
    return guarded<int32_t>(-1, [&] { borrow(handle).mutable_grad() = borrow(grad); return 0; });
}

SHIM_EXPORT int32_t shim_set_data(void* handle, void* data) {
    return guarded<int32_t>(-1, [&] { borrow(handle).set_data(borrow(data)); return 0; });
}

static std::vector<at::Tensor> list(void* const* handles, int32_t count) {
    std::vector<at::Tensor> tensors;
    for (int i = 0; i < count; i++) tensors.push_back(borrow(handles[i]));
    return tensors;
}

// keep: -1 as create_graph, 0 no, 1 yes
SHIM_EXPORT int32_t shim_backward(void* const* tensors, int32_t n, void* const* gradients, int32_t ngradients,
                                  int32_t keep, int32_t create, void* const* inputs, int32_t ninputs) {
    return guarded<int32_t>(-1, [&] {
        c10::optional<bool> retain;
        if (keep >= 0) retain = keep != 0;
        torch::autograd::backward(list(tensors, n), list(gradients, ngradients), retain, create != 0, list(inputs, ninputs));
        return 0;
    });
}

SHIM_EXPORT int32_t shim_gradients(void* const* outputs, int32_t n, void* const* inputs, int32_t ninputs, void* const* gradients, int32_t ngradients,
                                   int32_t keep, int32_t create, int32_t unused, void** results) {
    return guarded<int32_t>(-1, [&] {
        auto found = torch::autograd::grad(list(outputs, n), list(inputs, ninputs), list(gradients, ngradients), keep != 0, create != 0, unused != 0);
        for (size_t i = 0; i < found.size(); i++) results[i] = give(found[i]);
        return 0;
    });
}

SHIM_EXPORT int32_t shim_grad_mode() { return at::GradMode::is_enabled(); }
SHIM_EXPORT void shim_set_grad_mode(int32_t on) { at::GradMode::set_enabled(on != 0); }
SHIM_EXPORT int32_t shim_is_inference() { return c10::InferenceMode::is_enabled(); }
SHIM_EXPORT void* shim_enter_inference(int32_t on) { return new c10::InferenceMode(on != 0); }
SHIM_EXPORT void shim_leave_inference(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

SHIM_EXPORT int32_t shim_num_threads() { return at::get_num_threads(); }
SHIM_EXPORT int32_t shim_set_num_threads(int32_t n) {
    return guarded<int32_t>(-1, [&] { at::set_num_threads(n); return 0; });
}

static at::Generator generator(void* handle) {
    return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(handle)));
}

SHIM_EXPORT void* shim_default_generator() {
    return guarded<void*>(nullptr, [&]() -> void* { auto g = at::detail::getDefaultCPUGenerator(); return g.unsafeReleaseGeneratorImpl(); });
}
SHIM_EXPORT void* shim_new_generator(uint64_t seed) {
    return guarded<void*>(nullptr, [&]() -> void* { auto g = at::detail::createCPUGenerator(seed); return g.unsafeReleaseGeneratorImpl(); });
}
SHIM_EXPORT void shim_release_generator(void* handle) { c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(static_cast<c10::GeneratorImpl*>(handle)); }

SHIM_EXPORT int32_t shim_set_seed(void* handle, uint64_t seed) {
    return guarded<int32_t>(-1, [&] {
        auto g = generator(handle);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(seed);
        return 0;
    });
}
SHIM_EXPORT uint64_t shim_random_seed(void* handle) {
    auto g = generator(handle);
    std::lock_guard<std::mutex> lock(g.mutex());
    return g.seed();
}
SHIM_EXPORT uint64_t shim_initial_seed(void* handle) { return generator(handle).current_seed(); }
SHIM_EXPORT void* shim_random_state(void* handle) {
    return guarded<void*>(nullptr, [&] {
        auto g = generator(handle);
        std::lock_guard<std::mutex> lock(g.mutex());
        return give(g.get_state());
    });
}
SHIM_EXPORT int32_t shim_set_random_state(void* handle, void* state) {
    return guarded<int32_t>(-1, [&] {
        auto g = generator(handle);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_state(borrow(state));
        return 0;
    });
}
