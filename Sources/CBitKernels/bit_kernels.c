#include "CBitKernels.h"

// Baseline x86-64 has no POPCNT, so the loader picks the fast clone where the
// processor has it; no build flag is needed and the binary stays portable.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "popcnt")))
#else
#define CLONES
#endif

CLONES uint32_t stile_popcount(const uint64_t *a, size_t words) {
    uint32_t total = 0;
    for (size_t i = 0; i < words; i++) total += (uint32_t)__builtin_popcountll(a[i]);
    return total;
}

CLONES uint32_t stile_and_popcount(const uint64_t *a, const uint64_t *b, size_t words) {
    uint32_t total = 0;
    for (size_t i = 0; i < words; i++) total += (uint32_t)__builtin_popcountll(a[i] & b[i]);
    return total;
}

static inline const uint64_t *filter_of(const uint64_t *const *columns, stile_place place,
                                        size_t words) {
    return columns[place.source] + (size_t)place.row * words;
}

CLONES void stile_dice_pairs(const uint64_t *const *columns, const stile_place *places,
                             size_t words, const uint32_t *left, const uint32_t *right,
                             const uint32_t *chosen, size_t count, float *similarity) {
    // Filters lie anywhere in memory: they are asked for some pairs before they are needed.
    const size_t ahead = 8;
    for (size_t n = 0; n < count; n++) {
        if (n + ahead < count) {
            const uint32_t p = chosen[n + ahead];
            const uint64_t *next_left = filter_of(columns, places[left[p]], words);
            const uint64_t *next_right = filter_of(columns, places[right[p]], words);
            for (size_t i = 0; i < words; i += 8) {
                __builtin_prefetch(next_left + i);
                __builtin_prefetch(next_right + i);
            }
        }
        const uint32_t p = chosen[n];
        const stile_place one = places[left[p]], two = places[right[p]];
        if (columns[one.source] == NULL || columns[two.source] == NULL) {
            similarity[p] = -1.0f;
            continue;
        }
        const uint64_t *a = filter_of(columns, one, words);
        const uint64_t *b = filter_of(columns, two, words);
        uint32_t in_a = 0, in_b = 0, shared = 0;
        for (size_t i = 0; i < words; i++) {
            in_a += (uint32_t)__builtin_popcountll(a[i]);
            in_b += (uint32_t)__builtin_popcountll(b[i]);
            shared += (uint32_t)__builtin_popcountll(a[i] & b[i]);
        }
        similarity[p] =
            in_a == 0 || in_b == 0 ? -1.0f : 2.0f * (float)shared / (float)(in_a + in_b);
    }
}

void stile_gather_rows(const uint64_t *words, size_t width, const uint32_t *rows, size_t count,
                       uint64_t *gathered) {
    const size_t ahead = 12;
    for (size_t n = 0; n < count; n++) {
        if (n + ahead < count) {
            const uint64_t *next = words + (size_t)rows[n + ahead] * width;
            for (size_t i = 0; i < width; i += 8) __builtin_prefetch(next + i);
            __builtin_prefetch(next + width - 1);
        }
        const uint64_t *row = words + (size_t)rows[n] * width;
        for (size_t i = 0; i < width; i++) gathered[n * width + i] = row[i];
    }
}

bool stile_share_word(const uint32_t *a, const uint32_t *b, size_t words) {
    uint32_t shared = 0;
    for (size_t i = 0; i < words; i++) shared |= (a[i] == b[i]) & (a[i] != 0);
    return shared != 0;
}
