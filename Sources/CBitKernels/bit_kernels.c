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

CLONES void stile_dice_pairs(const uint64_t *filters, const uint32_t *populations, size_t words,
                             const uint32_t *left, const uint32_t *right, size_t pairs,
                             float *similarity) {
    for (size_t p = 0; p < pairs; p++) {
        uint32_t in_left = populations[left[p]], in_right = populations[right[p]];
        if (in_left == 0 || in_right == 0) {
            similarity[p] = -1.0f;
            continue;
        }
        const uint64_t *a = filters + (size_t)left[p] * words;
        const uint64_t *b = filters + (size_t)right[p] * words;
        uint32_t shared = 0;
        for (size_t i = 0; i < words; i++) shared += (uint32_t)__builtin_popcountll(a[i] & b[i]);
        similarity[p] = 2.0f * (float)shared / (float)(in_left + in_right);
    }
}

bool stile_share_word(const uint32_t *a, const uint32_t *b, size_t words) {
    uint32_t shared = 0;
    for (size_t i = 0; i < words; i++) shared |= (a[i] == b[i]) & (a[i] != 0);
    return shared != 0;
}
