// Libtorch's switches for the whole process, and tensors over memory that managed code owns.
#include "shim.h"
#include <ATen/Context.h>
#include <ATen/Parallel.h>

using namespace shim;

enum Switch { DETERMINISTIC, DETERMINISTIC_WARN_ONLY, FLOAT32_MATMUL_PRECISION, INTEROP_THREADS, FLASH_ATTENTION, MATH_ATTENTION, MATMUL_TF32, REDUCED_FP16, CUDNN_TF32 };

// Sets the switch unless `value` is negative; returns what it is then, or -1.
SHIM_EXPORT int32_t shim_switch(int32_t which, int32_t value) {
    return guarded<int32_t>(-1, [&]() -> int32_t {
        auto& context = at::globalContext();
        const bool set = value >= 0, on = value > 0;
        switch (which) {
            case DETERMINISTIC:
                if (set) context.setDeterministicAlgorithms(on, context.deterministicAlgorithmsWarnOnly());
                return context.deterministicAlgorithms();
            case DETERMINISTIC_WARN_ONLY:
                if (set) context.setDeterministicAlgorithms(context.deterministicAlgorithms(), on);
                return context.deterministicAlgorithmsWarnOnly();
            case FLOAT32_MATMUL_PRECISION:
                if (set) context.setFloat32MatmulPrecision(static_cast<at::Float32MatmulPrecision>(value));
                return static_cast<int32_t>(context.float32MatmulPrecision());
            case INTEROP_THREADS: return at::get_num_interop_threads();
            case FLASH_ATTENTION:
                if (set) context.setSDPUseFlash(on);
                return context.userEnabledFlashSDP();
            case MATH_ATTENTION:
                if (set) context.setSDPUseMath(on);
                return context.userEnabledMathSDP();
            case MATMUL_TF32:
                if (set) context.setAllowTF32CuBLAS(on);
                return context.allowTF32CuBLAS();
            case REDUCED_FP16:
                if (set) context.setAllowFP16ReductionCuBLAS(on);
                return context.allowFP16ReductionCuBLAS();
            case CUDNN_TF32:
                if (set) context.setAllowTF32CuDNN(on);
                return context.allowTF32CuDNN();
        }
        TORCH_CHECK(false, "there is no switch ", which);
    });
}

// A tensor over `data`, which `release(owner)` lets go of once the last tensor over it is gone.
SHIM_EXPORT void* shim_over_memory(void* data, int64_t count, int32_t dtype, void (*release)(void*), void* owner) {
    return guarded<void*>(nullptr, [&] {
        return give(at::from_blob(data, {count}, [=](void*) { release(owner); }, at::TensorOptions(static_cast<at::ScalarType>(dtype))));
    });
}

SHIM_EXPORT int64_t shim_storage_offset(void* handle) {
    return guarded<int64_t>(-1, [&] { return borrow(handle).storage_offset(); });
}
