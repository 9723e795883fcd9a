// The C interface between TorchSharp's managed half and libtorch. Managed code holds a tensor as a raw
// TensorImpl* that owns one reference; arguments are borrowed, results are given away.
#pragma once
#include <ATen/ATen.h>
#include <cstdint>
#include <string>

namespace shim {

enum Tag : int32_t {
    NONE, TENSOR, INT, DOUBLE, BOOL, COMPLEX, INTS, DOUBLES, BOOLS, TENSORS, STRING, DEVICE, GENERATOR
};

// One argument or result. `count` is the length of a list; `a` and `b` are the payload.
// On a result, `b` tells how many bytes of memory the tensor alone keeps alive.
struct Value {
    int32_t tag;
    int32_t count;
    union { int64_t a; double d; void* p; };
    union { int64_t b; double e; };
};
static_assert(sizeof(Value) == 24, "managed code lays this struct out by hand");

at::Tensor borrow(void* handle);
void* give(at::Tensor tensor);
int64_t own_bytes(const at::Tensor& tensor);
void fail(const std::string& message);

// Runs `body`; an exception becomes the thread's error text and `failed` is returned.
template <class T, class F> T guarded(T failed, F&& body) {
    try {
        return body();
    } catch (const c10::Error& e) {
        fail(e.what_without_backtrace());
    } catch (const std::exception& e) {
        fail(e.what());
    } catch (...) {
        fail("libtorch threw something that is not a std::exception");
    }
    return failed;
}

}  // namespace shim

#define SHIM_EXPORT extern "C" __attribute__((visibility("default")))
