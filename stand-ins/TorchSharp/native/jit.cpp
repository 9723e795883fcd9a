// TorchScript: load, call, inspect and save modules that Python has scripted or traced.
#include "shim.h"
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>
#include <torch/jit.h>
#include <cstring>
#include <sstream>

using namespace shim;
using torch::jit::Module;
using torch::jit::CompilationUnit;

// Values that contain others: `count` elements follow, each as long as it is.
enum Nested : int32_t { TUPLE = 100, LIST = 101 };

// Appends a value, and what it contains behind it.
static void flatten(const c10::IValue& value, std::vector<Value>& out) {
    Value v{};
    if (value.isNone()) v.tag = NONE;
    else if (value.isTensor()) { v.tag = TENSOR; v.p = give(value.toTensor()); v.b = 0; }
    else if (value.isInt()) { v.tag = INT; v.a = value.toInt(); }
    else if (value.isDouble()) { v.tag = DOUBLE; v.d = value.toDouble(); }
    else if (value.isBool()) { v.tag = BOOL; v.a = value.toBool(); }
    else if (value.isString()) {
        auto& text = value.toStringRef();
        v.tag = STRING;
        v.count = text.size();
        v.p = std::memcpy(std::malloc(text.size() + 1), text.c_str(), text.size() + 1);
    } else if (value.isTuple() || value.isList()) {
        auto elements = value.isTuple() ? value.toTupleRef().elements().vec() : value.toListRef().vec();
        v.tag = value.isTuple() ? TUPLE : LIST;
        v.count = elements.size();
        out.push_back(v);
        for (auto& element : elements) flatten(element, out);
        return;
    } else TORCH_CHECK(false, "a TorchScript value of type ", value.type()->str(), " cannot be given to managed code");
    out.push_back(v);
}

static c10::IValue unflatten(const Value*& at) {
    const Value& v = *at++;
    switch (v.tag) {
        case TENSOR: return borrow(v.p);
        case INT: return v.a;
        case DOUBLE: return v.d;
        case BOOL: return v.a != 0;
        case STRING: return std::string(static_cast<const char*>(v.p), v.count);
        case TUPLE: case LIST: {
            std::vector<c10::IValue> elements;
            for (int i = 0; i < v.count; i++) elements.push_back(unflatten(at));
            if (v.tag == TUPLE) return c10::ivalue::Tuple::create(std::move(elements));
            // The type of a tensor as a value names its shape, too; a list of tensors is one of any.
            c10::List<c10::IValue> list(elements.empty() || elements[0].isTensor() ? c10::TypePtr(c10::TensorType::get()) : elements[0].type());
            for (auto& element : elements) list.push_back(std::move(element));
            return list;
        }
        default: return {};
    }
}

struct Reply { Value* values; int32_t count; };

static Reply* reply(const c10::IValue& value) {
    std::vector<Value> flat;
    flatten(value, flat);
    auto values = static_cast<Value*>(std::malloc(flat.size() * sizeof(Value)));
    std::copy(flat.begin(), flat.end(), values);
    return new Reply{values, static_cast<int32_t>(flat.size())};
}

// Texts belong to the reply, tensors to whoever took them.
SHIM_EXPORT void shim_jit_free_reply(Reply* reply) {
    for (int i = 0; i < reply->count; i++)
        if (reply->values[i].tag == STRING) std::free(reply->values[i].p);
    std::free(reply->values);
    delete reply;
}

static c10::optional<c10::Device> place(int32_t type, int32_t index) {
    if (type < 0) return c10::nullopt;
    return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

SHIM_EXPORT Module* shim_jit_load(const char* path, int32_t device, int32_t index) {
    return guarded<Module*>(nullptr, [&] { return new Module(torch::jit::load(path, place(device, index))); });
}

SHIM_EXPORT Module* shim_jit_load_bytes(const void* bytes, int64_t count, int32_t device, int32_t index) {
    return guarded<Module*>(nullptr, [&] {
        std::istringstream stream(std::string(static_cast<const char*>(bytes), count));
        return new Module(torch::jit::load(stream, place(device, index)));
    });
}

SHIM_EXPORT void shim_jit_free(Module* module) { delete module; }
SHIM_EXPORT int32_t shim_jit_save(Module* module, const char* path) {
    return guarded<int32_t>(-1, [&] { module->save(path); return 0; });
}

SHIM_EXPORT int32_t shim_jit_train(Module* module, int32_t on) {
    return guarded<int32_t>(-1, [&] { module->train(on != 0); return 0; });
}
SHIM_EXPORT int32_t shim_jit_is_training(Module* module) {
    return guarded<int32_t>(-1, [&] { return static_cast<int32_t>(module->is_training()); });
}

// For each parameter (0), buffer (1) or attribute that is a tensor (2): its name and the tensor, given away.
SHIM_EXPORT int32_t shim_jit_tensors(Module* module, int32_t kind, int32_t recurse, void (*visit)(void* context, const char* name, void* tensor), void* context) {
    return guarded<int32_t>(-1, [&] {
        if (kind == 0) for (const auto& p : module->named_parameters(recurse != 0)) visit(context, p.name.c_str(), give(p.value));
        else if (kind == 1) for (const auto& b : module->named_buffers(recurse != 0)) visit(context, b.name.c_str(), give(b.value));
        else for (const auto& a : module->named_attributes(recurse != 0))
            if (a.value.isTensor()) visit(context, a.name.c_str(), give(a.value.toTensor()));
        return 0;
    });
}

SHIM_EXPORT int32_t shim_jit_set_attribute(Module* module, const char* name, void* tensor) {
    return guarded<int32_t>(-1, [&] { module->setattr(name, borrow(tensor)); return 0; });
}

static std::vector<c10::IValue> arguments(const Value* values, int32_t count) {
    std::vector<c10::IValue> found;
    for (int i = 0; i < count; i++) found.push_back(unflatten(values));
    return found;
}

SHIM_EXPORT Reply* shim_jit_invoke(Module* module, const char* method, const Value* values, int32_t count) {
    return guarded<Reply*>(nullptr, [&] { return reply(module->get_method(method)(arguments(values, count))); });
}

// The arguments and results of a method, without the module itself.
SHIM_EXPORT int32_t shim_jit_schema(Module* module, const char* method, int32_t* inputs, int32_t* outputs) {
    return guarded<int32_t>(-1, [&] {
        auto& schema = module->get_method(method).function().getSchema();
        *inputs = schema.arguments().size() - 1;
        *outputs = schema.returns().size();
        return 0;
    });
}

using Unit = std::shared_ptr<CompilationUnit>;

SHIM_EXPORT Unit* shim_jit_compile(const char* script) {
    return guarded<Unit*>(nullptr, [&] { return new Unit(torch::jit::compile(script)); });
}
SHIM_EXPORT void shim_jit_free_unit(Unit* unit) { delete unit; }
SHIM_EXPORT Reply* shim_jit_invoke_unit(Unit* unit, const char* function, const Value* values, int32_t count) {
    return guarded<Reply*>(nullptr, [&] {
        auto stack = arguments(values, count);
        return reply((*unit)->get_function(function)(std::move(stack)));
    });
}
