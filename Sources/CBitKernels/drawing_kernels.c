#include "CBitKernels.h"

// The loader picks the clone for the processor; all give the same bits.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#define WIDE_CLONES __attribute__((target_clones("default", "avx2")))
#else
#define CLONES
#define WIDE_CLONES
#endif

// Two registers of the narrower of the wide processors: one waits while the other works.
#define LANES 8
#define CHUNK (8 * LANES)

#define ROTATE(x, bits) ((x) << (bits) | (x) >> (64 - (bits)))

#define ROUND                                                                                     \
    v0 += v1, v1 = ROTATE(v1, 13), v1 ^= v0, v0 = ROTATE(v0, 32);                                 \
    v2 += v3, v3 = ROTATE(v3, 16), v3 ^= v2;                                                      \
    v0 += v3, v3 = ROTATE(v3, 21), v3 ^= v0;                                                      \
    v2 += v1, v1 = ROTATE(v1, 17), v1 ^= v2, v2 = ROTATE(v2, 32)

/// SipHash-2-4 (Aumasson and Bernstein 2012) of `groups` times `LANES` messages of 8 bytes.
static inline __attribute__((always_inline)) void
siphash(uint64_t *restrict values, const uint64_t *restrict first, const uint64_t *restrict second,
        const uint64_t *restrict words, uint64_t block, size_t groups) {
    const uint64_t length = (uint64_t)8 << 56;
#pragma clang loop vectorize(enable) interleave_count(2)
    for (size_t i = 0; i < groups * LANES; i++) {
        const uint64_t word = words[i] | block;
        uint64_t v0 = first[i] ^ 0x736f6d6570736575, v1 = second[i] ^ 0x646f72616e646f6d;
        uint64_t v2 = first[i] ^ 0x6c7967656e657261, v3 = second[i] ^ 0x7465646279746573;
        v3 ^= word;
        ROUND;
        ROUND;
        v0 ^= word;
        v3 ^= length;
        ROUND;
        ROUND;
        v0 ^= length;
        v2 ^= 0xff;
        ROUND;
        ROUND;
        ROUND;
        ROUND;
        values[i] = v0 ^ v1 ^ v2 ^ v3;
    }
}

/// Cuts each value into `positions` numbers of `bits` bits and sets their bits.
static inline __attribute__((always_inline)) void
set_positions(uint64_t *filters, const stile_draw *draws, const uint64_t *values, size_t count,
              unsigned bits, unsigned positions) {
    const size_t width = ((size_t)1 << bits) / 64;
    const uint64_t last = ((uint64_t)1 << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t *filter = filters + draws[i].filter * width;
        uint64_t value = values[i];
        for (unsigned position = 0; position < positions; position++) {
            filter[(value & last) >> 6] |= (uint64_t)1 << (value & 63);
            value >>= bits;
        }
    }
}

CLONES void stile_draw_bigrams(uint64_t *filters, unsigned bits, unsigned positions,
                               const stile_draw *draws, size_t count) {
    const unsigned fits = 64 / bits;
    // Lanes behind the last bigram are worked out too, and used for nothing.
    uint64_t first[CHUNK] = {0}, second[CHUNK] = {0}, words[CHUNK] = {0}, values[CHUNK];
    for (size_t start = 0; start < count; start += CHUNK) {
        const stile_draw *chunk = draws + start;
        const size_t size = count - start < CHUNK ? count - start : CHUNK;
        for (size_t i = 0; i < size; i++) {
            first[i] = chunk[i].first;
            second[i] = chunk[i].second;
            words[i] = chunk[i].bigram;
        }
        const size_t groups = (size + LANES - 1) / LANES;
        uint64_t block = 0;
        for (unsigned left = positions; left > 0; block++) {
            siphash(values, first, second, words, block << 42, groups);
            const unsigned now = left < fits ? left : fits;
            // Ten positions in 512 bits are the default: loops of a known length have no ends.
            if (bits == 9 && now == 7)
                set_positions(filters, chunk, values, size, 9, 7);
            else if (bits == 9 && now == 3)
                set_positions(filters, chunk, values, size, 9, 3);
            else
                set_positions(filters, chunk, values, size, bits, now);
            left -= now;
        }
    }
}

WIDE_CLONES void stile_unite(uint64_t *restrict filter, size_t words,
                             const uint64_t *restrict masks, const uint32_t *chosen,
                             size_t count) {
    // Four words, and so every length of a filter, stay in registers.
    for (size_t first = 0; first < words; first += 4) {
        uint64_t united[4] = {0};
        for (size_t n = 0; n < count; n++) {
            const uint64_t *mask = masks + (size_t)chosen[n] * words + first;
            for (size_t i = 0; i < 4; i++) united[i] |= mask[i];
        }
        for (size_t i = 0; i < 4; i++) filter[first + i] = united[i];
    }
}
