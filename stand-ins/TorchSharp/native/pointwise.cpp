#include "pointwise.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <omp.h>
#include <vector>

namespace shim {
namespace baseline {
#include "pointwise.inc"
}

#if defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#include "pointwise.inc"
}
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-vector-width=512")
namespace avx512 {
#include "pointwise.inc"
}
#pragma GCC pop_options

static bool has_avx512() { return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"); }
static bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

template <class T> static const Pointwise<T>& best() { return has_avx512() ? avx512::loops<T> : has_avx2() ? avx2::loops<T> : baseline::loops<T>; }
static const AdamLoops& best_adam() { return has_avx512() ? avx512::adam_steps : has_avx2() ? avx2::adam_steps : baseline::adam_steps; }
#else
template <class T> static const Pointwise<T>& best() { return baseline::loops<T>; }
static const AdamLoops& best_adam() { return baseline::adam_steps; }
#endif

template <> const Pointwise<float>& pointwise<float>() {
    static const Pointwise<float>& chosen = best<float>();
    return chosen;
}

template <> const Pointwise<bf16>& pointwise<bf16>() {
    static const Pointwise<bf16>& chosen = best<bf16>();
    return chosen;
}

const AdamLoops& adam_loops() {
    static const AdamLoops& chosen = best_adam();
    return chosen;
}

}  // namespace shim
