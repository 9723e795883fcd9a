#include "few_channels.h"
#include <algorithm>
#include <cstring>
#include <omp.h>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma,prefer-vector-width=512")

namespace shim {

// How a register of channels is read and multiplied; `wide` floats hold it.
struct Single {
    using Type = float;
    static constexpr int64_t step = 16;
    static __m512 add_product(__m512 sum, const float* x, const float* w) { return _mm512_fmadd_ps(_mm512_loadu_ps(x), _mm512_loadu_ps(w), sum); }
    static __m512 wide(const float* x) { return _mm512_loadu_ps(x); }
    static float value(float v) { return v; }
    static float narrow(float v) { return v; }
};

struct Half {
    using Type = bf16;
    static constexpr int64_t step = 32;
    static __m512 add_product(__m512 sum, const bf16* x, const bf16* w) {
        return _mm512_dpbf16_ps(sum, (__m512bh)_mm512_loadu_si512(x), (__m512bh)_mm512_loadu_si512(w));
    }
    static __m512 wide(const bf16* x) { return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(x))), 16)); }
    static float value(bf16 v) {
        const uint32_t bits = static_cast<uint32_t>(v.bits) << 16;
        float f;
        std::memcpy(&f, &bits, 4);
        return f;
    }
    static bf16 narrow(float v) {
        uint32_t bits;
        std::memcpy(&bits, &v, 4);
        return {static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16)};
    }
};

// `count` neighbouring results of one row.
template <class A, int count>
static void row_part(const typename A::Type* x, const typename A::Type* w, typename A::Type* y, Image s, int64_t kernel_h, int64_t kernel_w, float bias) {
    __m512 sums[count];
    for (int j = 0; j < count; j++) sums[j] = _mm512_setzero_ps();
    for (int64_t h = 0; h < kernel_h; h++)
        for (int64_t v = 0; v < kernel_w; v++)
            for (int64_t c = 0; c < s.c; c += A::step) {
                const auto* from = x + (h * s.w + v) * s.c + c;
                const auto* weight = w + (h * kernel_w + v) * s.c + c;
#pragma GCC unroll 16
                for (int j = 0; j < count; j++) sums[j] = A::add_product(sums[j], from + j * s.c, weight);
            }
    for (int j = 0; j < count; j++) y[j] = A::narrow(_mm512_reduce_add_ps(sums[j]) + bias);
}

template <class A>
static void to_one(const typename A::Type* x, const typename A::Type* w, typename A::Type* y, Image s, int64_t kernel_h, int64_t kernel_w, float bias, int threads) {
    const int64_t height = s.h - kernel_h + 1, width = s.w - kernel_w + 1;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (int64_t row = 0; row < s.n * height; row++) {
        const auto* from = x + (row / height * s.h + row % height) * s.w * s.c;
        auto* to = y + row * width;
        int64_t i = 0;
        for (; i + 16 <= width; i += 16) row_part<A, 16>(from + i * s.c, w, to + i, s, kernel_h, kernel_w, bias);
        for (; i + 4 <= width; i += 4) row_part<A, 4>(from + i * s.c, w, to + i, s, kernel_h, kernel_w, bias);
        for (; i < width; i++) row_part<A, 1>(from + i * s.c, w, to + i, s, kernel_h, kernel_w, bias);
    }
}

// One row of x against one row of g, for the kernel's row: sums[v] += g[i - v] x[i] over 16 channels twice (or once).
template <class A, int kernel_w, int registers>
static void row_weights(const typename A::Type* x, const float* g, float* sums, int64_t width, int64_t channels) {
    __m512 sum[kernel_w][registers];
    for (int v = 0; v < kernel_w; v++)
        for (int r = 0; r < registers; r++) sum[v][r] = _mm512_loadu_ps(sums + v * channels + 16 * r);
    for (int64_t i = 0; i < width; i++) {
        __m512 wide[registers];
        for (int r = 0; r < registers; r++) wide[r] = A::wide(x + i * channels + 16 * r);
#pragma GCC unroll 8
        for (int v = 0; v < kernel_w; v++) {
            const __m512 factor = _mm512_set1_ps(g[i - v]);
            for (int r = 0; r < registers; r++) sum[v][r] = _mm512_fmadd_ps(wide[r], factor, sum[v][r]);
        }
    }
    for (int v = 0; v < kernel_w; v++)
        for (int r = 0; r < registers; r++) _mm512_storeu_ps(sums + v * channels + 16 * r, sum[v][r]);
}

template <class A, int kernel_w> static void weights_of_width(const typename A::Type* x, const typename A::Type* g, float* gw, Image s, int64_t kernel_h, int threads) {
    const int64_t height = s.h - kernel_h + 1, width = s.w - kernel_w + 1, size = kernel_h * kernel_w * s.c;
    std::vector<float> sums(threads * size, 0.0f);
#pragma omp parallel num_threads(threads)
    {
        const int me = omp_get_thread_num(), all = omp_get_num_threads();
        float* const mine = sums.data() + me * size;
        std::vector<float> padded(s.w + kernel_w, 0.0f);  // a row of g with zeros on both sides
        float* const row_g = padded.data() + kernel_w - 1;
        for (int64_t row = s.n * height * me / all; row < s.n * height * (me + 1) / all; row++) {
            for (int64_t i = 0; i < width; i++) row_g[i] = A::value(g[row * width + i]);
            for (int64_t h = 0; h < kernel_h; h++) {
                const auto* from = x + (row / height * s.h + row % height + h) * s.w * s.c;
                float* const to = mine + h * kernel_w * s.c;
                int64_t c = 0;
                for (; c + 32 <= s.c; c += 32) row_weights<A, kernel_w, 2>(from + c, row_g, to + c, s.w, s.c);
                for (; c < s.c; c += 16) row_weights<A, kernel_w, 1>(from + c, row_g, to + c, s.w, s.c);
            }
        }
    }
    std::copy(sums.begin(), sums.begin() + size, gw);
    for (int t = 1; t < threads; t++)
        for (int64_t i = 0; i < size; i++) gw[i] += sums[t * size + i];
}

template <class A>
static void to_one_weights(const typename A::Type* x, const typename A::Type* g, float* gw, Image s, int64_t kernel_h, int64_t kernel_w, int threads) {
    switch (kernel_w) {
        case 1: return weights_of_width<A, 1>(x, g, gw, s, kernel_h, threads);
        case 2: return weights_of_width<A, 2>(x, g, gw, s, kernel_h, threads);
        case 3: return weights_of_width<A, 3>(x, g, gw, s, kernel_h, threads);
        case 4: return weights_of_width<A, 4>(x, g, gw, s, kernel_h, threads);
        case 5: return weights_of_width<A, 5>(x, g, gw, s, kernel_h, threads);
        case 6: return weights_of_width<A, 6>(x, g, gw, s, kernel_h, threads);
        case 7: return weights_of_width<A, 7>(x, g, gw, s, kernel_h, threads);
        default: return weights_of_width<A, 8>(x, g, gw, s, kernel_h, threads);
    }
}

template <class A> static constexpr FewChannels<typename A::Type> loops{A::step, to_one<A>, to_one_weights<A>};

}  // namespace shim
#pragma GCC pop_options

namespace shim {

static bool has_avx512() { return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"); }

template <> const FewChannels<float>& few_channels<float>() {
    static const FewChannels<float> chosen = has_avx512() ? loops<Single> : FewChannels<float>{};
    return chosen;
}

template <> const FewChannels<bf16>& few_channels<bf16>() {
    static const FewChannels<bf16> chosen = has_avx512() && __builtin_cpu_supports("avx512bf16") ? loops<Half> : FewChannels<bf16>{};
    return chosen;
}

}  // namespace shim
#else
namespace shim {

template <> const FewChannels<float>& few_channels<float>() {
    static const FewChannels<float> none;
    return none;
}

template <> const FewChannels<bf16>& few_channels<bf16>() {
    static const FewChannels<bf16> none;
    return none;
}

}  // namespace shim
#endif
