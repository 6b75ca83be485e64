/* vector.h - exp, log and pow with the same bits on every machine, and sums with the same bits at every
 * vector width.
 *
 * The functions are SLEEF's deterministic ones (the `cinz` family): scalar, SSE, AVX and AVX-512 variants
 * agree bit for bit, and none uses fused multiply-add. libm's do not: their last bit depends on the
 * processor. A source that includes this file is compiled once per instruction set and takes the widest
 * variant that it may.
 */
#ifndef SIM_VECTOR_H
#define SIM_VECTOR_H

#include <sleef.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

static inline double
sim_exp(double x)
{
    return Sleef_cinz_expd1_u10purec(x);
}

static inline double
sim_log(double x)
{
    return Sleef_cinz_logd1_u10purec(x);
}

static inline double
sim_pow(double base, double exponent)
{
    return Sleef_cinz_powd1_u10purec(base, exponent);
}

/* x[i] = exp(x[i]), i < n */
static inline void
sim_exp_f32(float *x, size_t n)
{
    size_t i = 0;
#if defined(__AVX512F__)
    for (; i + 16 <= n; i += 16) {
        _mm512_storeu_ps(x + i, Sleef_cinz_expf16_u10avx512fnofma(_mm512_loadu_ps(x + i)));
    }
#elif defined(__AVX__)
    for (; i + 8 <= n; i += 8) {
        _mm256_storeu_ps(x + i, Sleef_cinz_expf8_u10avx(_mm256_loadu_ps(x + i)));
    }
#elif defined(__SSE4_1__)
    for (; i + 4 <= n; i += 4) {
        _mm_storeu_ps(x + i, Sleef_cinz_expf4_u10sse4(_mm_loadu_ps(x + i)));
    }
#elif defined(__SSE2__)
    for (; i + 4 <= n; i += 4) {
        _mm_storeu_ps(x + i, Sleef_cinz_expf4_u10sse2(_mm_loadu_ps(x + i)));
    }
#endif
    for (; i < n; i++) {
        x[i] = Sleef_cinz_expf1_u10purec(x[i]);
    }
}

/* Sums in sixteen lanes, then over the lanes from first to last: a fixed order that every vector width can
 * follow. */
#define SIM_LANES 16

static inline double
sim_sum_lanes(const double *lanes)
{
    double sum = 0;
    for (int lane = 0; lane < SIM_LANES; lane++) {
        sum += lanes[lane];
    }
    return sum;
}

static inline double
sim_sum_f32(const float *x, size_t n)
{
    double lanes[SIM_LANES] = { 0 };
    size_t i = 0;
    for (; i + SIM_LANES <= n; i += SIM_LANES) {
        for (size_t lane = 0; lane < SIM_LANES; lane++) {
            lanes[lane] += (double) x[i + lane];
        }
    }
    for (size_t lane = 0; i < n; i++, lane++) {
        lanes[lane] += (double) x[i];
    }
    return sim_sum_lanes(lanes);
}

/* x cut to [0, 1] */
static inline double
sim_unit(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static inline float
sim_unit_f32(float x)
{
    x = x < 0.0f ? 0.0f : x;
    return x > 1.0f ? 1.0f : x;
}

#endif
