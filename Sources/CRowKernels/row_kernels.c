#include "CRowKernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

// The loader picks the clone for the processor; the binary stays portable. Clones differ in the
// last bits (fused multiplication), as BLAS kernels do; the order of every sum is the same.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>

void stile_processor_name(char name[49]) {
    // The brand string: four words from each of three leaves of CPUID (Intel, "Software developer's
    // manual", volume 2A; AMD has the same).
    memset(name, 0, 49);
    unsigned words[12];
    for (unsigned leaf = 0; leaf < 3; leaf++) {
        unsigned *part = words + 4 * leaf;
        if (!__get_cpuid(0x80000002u + leaf, part, part + 1, part + 2, part + 3)) return;
    }
    memcpy(name, words, 48);
}

const char *stile_processor_level(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
    if (__builtin_cpu_supports("x86-64-v3")) return "x86-64-v3";
    return "x86-64";
}
#else
void stile_processor_name(char name[49]) { memset(name, 0, 49); }

const char *stile_processor_level(void) {
#if defined(__aarch64__)
    return "aarch64";
#else
    return "unknown";
#endif
}
#endif

enum { LANES = 4 };

/// exp(-t) for 0 <= t; t above 708 counts as 708.
///
/// t = k ln 2 + r with |r| <= ln 2 / 2, the ln 2 in two parts (W. J. Cody and W. Waite, "Software
/// manual for the elementary functions", 1980); exp(-r) by Taylor's series to the thirteenth power,
/// whose remainder is below half a unit in the last place.
static inline double exp_of_minus(double t) {
    // Written so that a NaN stays one.
    t = t > 708.0 ? 708.0 : t;
    const double shifter = 6755399441055744.0;
    const double shifted = t * 1.4426950408889634074 + shifter;
    const double k = shifted - shifter;
    const double r = (t - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    double series = -1.0 / 6227020800.0;
    series = series * r + 1.0 / 479001600.0;
    series = series * r - 1.0 / 39916800.0;
    series = series * r + 1.0 / 3628800.0;
    series = series * r - 1.0 / 362880.0;
    series = series * r + 1.0 / 40320.0;
    series = series * r - 1.0 / 5040.0;
    series = series * r + 1.0 / 720.0;
    series = series * r - 1.0 / 120.0;
    series = series * r + 1.0 / 24.0;
    series = series * r - 1.0 / 6.0;
    series = series * r + 0.5;
    series = series * r - 1.0;
    series = series * r + 1.0;
    // The low bits of `shifted` are k; the exponent of the power of two is 1023 - k.
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (1023 - bits) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

/// log(1 + s) for 0 <= s <= 1, as 2 artanh(s / (2 + s)); the series ends where a term is below
/// half a unit in the last place.
static inline double log_of_one_plus(double s) {
    const double z = s / (2.0 + s);
    const double square = z * z;
    double series = 1.0 / 37.0;
    series = series * square + 1.0 / 35.0;
    series = series * square + 1.0 / 33.0;
    series = series * square + 1.0 / 31.0;
    series = series * square + 1.0 / 29.0;
    series = series * square + 1.0 / 27.0;
    series = series * square + 1.0 / 25.0;
    series = series * square + 1.0 / 23.0;
    series = series * square + 1.0 / 21.0;
    series = series * square + 1.0 / 19.0;
    series = series * square + 1.0 / 17.0;
    series = series * square + 1.0 / 15.0;
    series = series * square + 1.0 / 13.0;
    series = series * square + 1.0 / 11.0;
    series = series * square + 1.0 / 9.0;
    series = series * square + 1.0 / 7.0;
    series = series * square + 1.0 / 5.0;
    series = series * square + 1.0 / 3.0;
    return 2.0 * z + 2.0 * z * square * series;
}

static inline double sum_lanes(const double *lanes) {
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

CLONES double stile_logistic_rows(double *restrict predictor, double *restrict roots,
                                  const double *restrict outcomes, const double *restrict weights,
                                  size_t count) {
    double losses[LANES] = {0};
    // First the losses into `roots`, so that the loop has no sum in it and is vectorised.
    for (size_t i = 0; i < count; i++) {
        const double sign = 2.0 * outcomes[i] - 1.0;
        // Above 0 where the model leans to what did not happen.
        const double against = -sign * predictor[i];
        const double small = exp_of_minus(fabs(against));
        roots[i] = (against > 0 ? against : 0.0) + log_of_one_plus(small);
    }
    if (weights != NULL) {
        for (size_t i = 0; i < count; i++) roots[i] *= weights[i];
    }
    size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) losses[lane] += roots[i + lane];
    }
    for (size_t i = whole; i < count; i++) losses[i - whole] += roots[i];
    for (size_t i = 0; i < count; i++) {
        const double sign = 2.0 * outcomes[i] - 1.0;
        const double against = -sign * predictor[i];
        const double small = exp_of_minus(fabs(against));
        const double large = 1.0 / (1.0 + small);
        // The probability of what did not happen, without cancellation.
        const double missed = against >= 0 ? large : small * large;
        predictor[i] = sign * missed;
        roots[i] = large * (small * large);
    }
    if (weights != NULL) {
        for (size_t i = 0; i < count; i++) {
            predictor[i] *= weights[i];
            roots[i] *= weights[i];
        }
    }
    for (size_t i = 0; i < count; i++) roots[i] = sqrt(roots[i]);
    return -sum_lanes(losses);
}

CLONES void stile_standardise(double *restrict target, const double *restrict source, double mean,
                              double factor, size_t count, const double *next) {
    // A column's rows are a page or two, and no processor fetches across pages by itself: what is
    // wanted next is asked for here, a cache line at a time.
    const size_t line = 8;
    const size_t whole = count / line * line;
    for (size_t i = 0; i < whole; i += line) {
        if (next != NULL) __builtin_prefetch(next + i);
        for (size_t j = 0; j < line; j++) target[i + j] = (source[i + j] - mean) * factor;
    }
    for (size_t i = whole; i < count; i++) target[i] = (source[i] - mean) * factor;
}

CLONES void stile_multiply(double *restrict values, const double *restrict factors, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] *= factors[i];
}

CLONES double stile_sum(const double *values, size_t count) {
    double lanes[LANES] = {0};
    const size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += values[i + lane];
    }
    for (size_t i = whole; i < count; i++) lanes[i - whole] += values[i];
    return sum_lanes(lanes);
}

CLONES double stile_sum_of_squares(const double *values, double mean, size_t count) {
    double lanes[LANES] = {0};
    const size_t whole = count / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const double off = values[i + lane] - mean;
            lanes[lane] += off * off;
        }
    }
    for (size_t i = whole; i < count; i++) {
        const double off = values[i] - mean;
        lanes[i - whole] += off * off;
    }
    return sum_lanes(lanes);
}

CLONES stile_range stile_range_of(const double *values, size_t count) {
    double least = INFINITY, largest = -INFINITY;
    size_t finite = 0, nonzero = 0;
    for (size_t i = 0; i < count; i++) {
        const double value = values[i];
        least = value < least ? value : least;
        largest = value > largest ? value : largest;
        finite += fabs(value) <= 1.7976931348623157e308;
        nonzero += value != 0;
    }
    return (stile_range){least, largest, finite, nonzero};
}

// Rows have few numbers, and how many cannot be foreseen: a loop over rows would mispredict its end
// once a row. So these loop over the numbers of a block.

CLONES void stile_sparse_product(double *restrict product, stile_sparse_rows held,
                                 const double *restrict vector, size_t first, size_t count) {
    const uint32_t end = held.starts[first + count];
    for (uint32_t i = held.starts[first]; i < end; i++) {
        product[held.rows[i] - first] += held.values[i] * vector[held.columns[i]];
    }
}

CLONES void stile_sparse_transposed(double *restrict sums, stile_sparse_rows held,
                                    const double *restrict vector, size_t first, size_t count) {
    const uint32_t end = held.starts[first + count];
    for (uint32_t i = held.starts[first]; i < end; i++) {
        sums[held.columns[i]] += held.values[i] * vector[held.rows[i] - first];
    }
}

CLONES void stile_sparse_gram(double *restrict mixed, double *restrict own, stile_sparse_rows held,
                              const double *restrict factors, const double *restrict dense_rows,
                              size_t dense, size_t sparse, size_t first, size_t count) {
    const uint32_t end = held.starts[first + count];
    for (uint32_t i = held.starts[first]; i < end; i++) {
        const size_t row = held.rows[i] - first;
        const size_t column = held.columns[i];
        const double value = factors[row] * factors[row] * held.values[i];
        const double *restrict beside = dense_rows + row * dense;
        double *restrict target = mixed + column * dense;
        // Mostly few columns are dense: a loop unrolled for many would spend its time on the ends.
#pragma clang loop vectorize_width(4) interleave_count(1)
        for (size_t j = 0; j < dense; j++) target[j] += value * beside[j];
        double *restrict triangle = own + column * sparse;
        for (uint32_t other = held.starts[first + row]; other <= i; other++) {
            triangle[held.columns[other]] += value * held.values[other];
        }
    }
}
