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
