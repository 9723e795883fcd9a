// Every ATen operator through the boxed dispatcher: find the schema once, then call it with tagged values.
#include "shim.h"
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <c10/core/Scalar.h>

namespace shim {

static thread_local std::string last_error;
void fail(const std::string& message) { last_error = message; }

at::Tensor borrow(void* handle) {
    if (!handle) return {};
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(static_cast<at::TensorImpl*>(handle)));
}

void* give(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

int64_t own_bytes(const at::Tensor& tensor) {
    if (!tensor.defined() || !tensor.has_storage() || tensor.storage().use_count() != 1) return 0;
    return static_cast<int64_t>(tensor.storage().nbytes());
}

static void mismatch(const c10::Argument& argument, const char* given) {
    TORCH_CHECK(false, "argument '", argument.name(), "' wants ", argument.type()->str(), " but was given ", given);
}

// Lists carry no type of their own once boxed, so the element type is checked here.
static c10::IValue list_value(const Value& v, const c10::Argument& argument, const c10::TypePtr& element) {
    const auto kind = element->kind();
    if (v.tag == INTS) {
        auto p = static_cast<const int64_t*>(v.p);
        if (kind == c10::TypeKind::IntType || kind == c10::TypeKind::SymIntType)
            return c10::IValue(c10::List<int64_t>(at::ArrayRef<int64_t>(p, v.count)));
        if (kind == c10::TypeKind::FloatType) {
            c10::List<double> list;
            for (int i = 0; i < v.count; i++) list.push_back(static_cast<double>(p[i]));
            return list;
        }
        mismatch(argument, "a list of integers");
    }
    if (v.tag == DOUBLES) {
        if (kind != c10::TypeKind::FloatType) mismatch(argument, "a list of floating point numbers");
        return c10::IValue(c10::List<double>(at::ArrayRef<double>(static_cast<const double*>(v.p), v.count)));
    }
    if (v.tag == BOOLS) {
        if (kind != c10::TypeKind::BoolType) mismatch(argument, "a list of booleans");
        c10::List<bool> list;
        for (int i = 0; i < v.count; i++) list.push_back(static_cast<const uint8_t*>(v.p)[i] != 0);
        return list;
    }
    if (v.tag == TENSORS) {
        auto p = static_cast<void* const*>(v.p);
        if (kind == c10::TypeKind::TensorType) {
            c10::List<at::Tensor> list;
            list.reserve(v.count);
            for (int i = 0; i < v.count; i++) list.push_back(borrow(p[i]));
            return list;
        }
        if (kind == c10::TypeKind::OptionalType) {
            c10::List<c10::optional<at::Tensor>> list;
            for (int i = 0; i < v.count; i++) list.push_back(p[i] ? c10::optional<at::Tensor>(borrow(p[i])) : c10::nullopt);
            return list;
        }
        mismatch(argument, "a list of tensors");
    }
    mismatch(argument, "a single value");
    return {};
}

static c10::IValue value(const Value& v, const c10::Argument& argument, const c10::TypePtr& type) {
    const auto kind = type->kind();
    if (kind == c10::TypeKind::OptionalType)
        return v.tag == NONE ? c10::IValue() : value(v, argument, type->castRaw<c10::OptionalType>()->getElementType());
    if (kind == c10::TypeKind::ListType) {
        if (v.tag == INT && argument.N()) {  // int[2] accepts a single int, as in Python
            c10::List<int64_t> list;
            for (int i = 0; i < *argument.N(); i++) list.push_back(v.a);
            return list;
        }
        return list_value(v, argument, type->castRaw<c10::ListType>()->getElementType());
    }
    switch (v.tag) {
        case NONE:
            if (kind == c10::TypeKind::TensorType) return at::Tensor();
            mismatch(argument, "nothing");
        case TENSOR:
            if (kind != c10::TypeKind::TensorType) mismatch(argument, "a tensor");
            return borrow(v.p);
        case INT:
            if (kind == c10::TypeKind::FloatType) return static_cast<double>(v.a);
            if (kind == c10::TypeKind::BoolType || kind == c10::TypeKind::TensorType || kind == c10::TypeKind::StringType) mismatch(argument, "an integer");
            return v.a;
        case DOUBLE:
            if (kind != c10::TypeKind::FloatType && kind != c10::TypeKind::NumberType) mismatch(argument, "a floating point number");
            return v.d;
        case BOOL:
            if (kind != c10::TypeKind::BoolType && kind != c10::TypeKind::NumberType) mismatch(argument, "a boolean");
            return v.a != 0;
        case COMPLEX:
            if (kind != c10::TypeKind::NumberType) mismatch(argument, "a complex number");
            return c10::complex<double>(v.d, v.e);
        case STRING:
            if (kind != c10::TypeKind::StringType) mismatch(argument, "a string");
            return std::string(static_cast<const char*>(v.p), v.count);
        case DEVICE:
            return c10::Device(static_cast<c10::DeviceType>(v.a), static_cast<c10::DeviceIndex>(v.b));
        case GENERATOR:
            return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(v.p)));
        default:
            mismatch(argument, "a list");
    }
    return {};
}

static Value result(const c10::IValue& v) {
    Value out{};
    if (v.isTensor()) {
        auto t = v.toTensor();
        out.tag = TENSOR;
        out.b = own_bytes(t);
        out.p = give(std::move(t));
    } else if (v.isTensorList()) {
        auto list = v.toTensorList();
        out.tag = TENSORS;
        out.count = static_cast<int32_t>(list.size());
        auto handles = new void*[list.size()];
        for (size_t i = 0; i < list.size(); i++) handles[i] = give(list.get(i));
        out.p = handles;
    } else if (v.isInt()) { out.tag = INT; out.a = v.toInt();
    } else if (v.isDouble()) { out.tag = DOUBLE; out.d = v.toDouble();
    } else if (v.isBool()) { out.tag = BOOL; out.a = v.toBool();
    } else if (v.isComplexDouble()) { auto c = v.toComplexDouble(); out.tag = COMPLEX; out.d = c.real(); out.e = c.imag();
    } else TORCH_CHECK(v.isNone(), "the operator returned a ", v.tagKind(), ", which managed code has no use for");
    return out;
}

}  // namespace shim

using namespace shim;

SHIM_EXPORT const char* shim_error() { return last_error.c_str(); }

SHIM_EXPORT void* shim_operator(const char* name, const char* overload) {
    return guarded<void*>(nullptr, [&]() -> void* {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found.has_value(), "libtorch has no operator ", name, ".", overload);
        return new c10::OperatorHandle(*found);
    });
}

// Returns the number of results, or -1. Arguments left out take the schema's defaults.
SHIM_EXPORT int32_t shim_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return guarded<int32_t>(-1, [&] {
        auto handle = static_cast<c10::OperatorHandle*>(op);
        const auto& schema = handle->schema();
        const auto& wanted = schema.arguments();
        TORCH_CHECK(static_cast<size_t>(count) <= wanted.size(), schema.name(), " takes ", wanted.size(), " arguments, not ", count);
        torch::jit::Stack stack;
        stack.reserve(wanted.size());
        for (int i = 0; i < count; i++) stack.push_back(value(arguments[i], wanted[i], wanted[i].type()));
        for (size_t i = count; i < wanted.size(); i++) {
            TORCH_CHECK(wanted[i].default_value().has_value(), schema.name(), " needs its argument '", wanted[i].name(), "'");
            stack.push_back(*wanted[i].default_value());
        }
        handle->callBoxed(&stack);
        TORCH_CHECK(stack.size() <= static_cast<size_t>(capacity), schema.name(), " has more results than there is room for");
        auto produced = static_cast<int32_t>(stack.size());
        for (int i = 0; i < produced; i++) results[i] = result(stack[i]);
        return produced;
    });
}

SHIM_EXPORT void shim_free_handles(void* handles) { delete[] static_cast<void**>(handles); }
