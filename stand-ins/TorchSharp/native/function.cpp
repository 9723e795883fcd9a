// Differentiable functions whose forward and backward are managed code.
#include "shim.h"
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/saved_variable.h>

using namespace shim;
using torch::autograd::variable_list;

extern "C" const char* shim_error();
SHIM_EXPORT void shim_fail(const char* message) { fail(message); }

// `gradients` are given away; so are the `count` results, of which some may be null. Negative: the error text is set.
using Backward = int32_t (*)(void* managed, void* node, void** gradients, int32_t ngradients, void** results, int32_t count);
using Release = void (*)(void* managed);

static at::Tensor take(void* handle) {
    if (!handle) return {};
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(static_cast<at::TensorImpl*>(handle)));
}

struct ManagedFunction : torch::autograd::Node {
    std::string function;
    void* managed;
    Backward backward;
    Release release;
    bool materialize = true, freed = false;
    std::vector<torch::autograd::VariableInfo> outputs;
    std::vector<torch::autograd::SavedVariable> saved;

    ManagedFunction(std::string function, void* managed, Backward backward, Release release)
        : function(std::move(function)), managed(managed), backward(backward), release(release) {}
    ~ManagedFunction() override { release(managed); }

    std::string name() const override { return function; }

    void release_variables() override {
        std::lock_guard<std::mutex> lock(mutex_);
        saved.clear();
        freed = true;
    }

    variable_list apply(variable_list&& gradients) override {
        at::OptionalDeviceGuard device;
        std::lock_guard<std::mutex> lock(mutex_);
        std::vector<void*> given;
        for (size_t i = 0; i < gradients.size(); i++)
            given.push_back(give(gradients[i].defined() || !materialize ? gradients[i] : outputs[i].zeros(device)));
        std::vector<void*> found(next_edges().size(), nullptr);
        if (backward(managed, this, given.data(), given.size(), found.data(), found.size()) < 0) throw std::runtime_error(shim_error());
        variable_list results;
        for (auto handle : found) results.push_back(take(handle));
        return results;
    }
};

struct Call {
    void** inputs; void** outputs; void** saved; void** dirty; void** constant;
    int32_t ninputs, noutputs, nsaved, ndirty, nconstant, materialize;
};

static std::unordered_set<at::TensorImpl*> implementations(void** handles, int32_t count) {
    std::unordered_set<at::TensorImpl*> found;
    for (int i = 0; i < count; i++) found.insert(static_cast<at::TensorImpl*>(handles[i]));
    return found;
}

// Records what forward computed. `managed` is released with the graph, or at once where none is recorded.
SHIM_EXPORT int32_t shim_function(const char* name, const Call* call, void* managed, Backward backward, Release release, void** results) {
    return guarded<int32_t>(-1, [&] {
        std::shared_ptr<ManagedFunction> node(new ManagedFunction(name, managed, backward, release), torch::autograd::deleteNode);
        node->materialize = call->materialize != 0;
        variable_list inputs;
        for (int i = 0; i < call->ninputs; i++) inputs.push_back(borrow(call->inputs[i]));
        const bool recorded = at::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);
        node->set_next_edges(recorded ? torch::autograd::collect_next_edges(inputs) : torch::autograd::edge_list());
        node->clear_input_metadata();

        std::vector<c10::optional<at::Tensor>> raw;
        for (int i = 0; i < call->noutputs; i++) raw.emplace_back(borrow(call->outputs[i]));
        auto dirty = implementations(call->dirty, call->ndirty);
        for (auto impl : dirty) impl->bump_version();
        auto wrapped = torch::autograd::_wrap_outputs(inputs, implementations(call->constant, call->nconstant), dirty, raw, recorded ? node : nullptr,
            [](variable_list, variable_list) -> variable_list { TORCH_CHECK(false, "forward mode differentiation of a managed function"); });
        if (recorded) {
            for (auto& output : wrapped) node->outputs.emplace_back(*output);
            for (int i = 0; i < call->nsaved; i++) {
                auto variable = borrow(call->saved[i]);
                node->saved.emplace_back(variable, variable.defined() && variable.grad_fn().get() == node.get());
            }
        }
        for (size_t i = 0; i < wrapped.size(); i++) results[i] = give(*wrapped[i]);
        return 0;
    });
}

// How many tensors forward saved; with `results`, the tensors too.
SHIM_EXPORT int32_t shim_function_saved(void* handle, void** results) {
    return guarded<int32_t>(-1, [&] {
        auto node = static_cast<ManagedFunction*>(handle);
        TORCH_CHECK(!node->freed, torch::autograd::ERR_BACKWARD_TWICE);
        if (results)
            for (size_t i = 0; i < node->saved.size(); i++) results[i] = give(node->saved[i].unpack(node->shared_from_this()));
        return static_cast<int32_t>(node->saved.size());
    });
}

SHIM_EXPORT void shim_set_anomaly_mode(int32_t on, int32_t check_nan) { torch::autograd::AnomalyMode::set_enabled(on != 0, check_nan != 0); }
SHIM_EXPORT int32_t shim_anomaly_mode() { return torch::autograd::AnomalyMode::is_enabled(); }
SHIM_EXPORT int32_t shim_anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
