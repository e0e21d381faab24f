#include "CBitKernels.h"

#include <string.h>

// Baseline x86-64 has no POPCNT, so the loader picks the fast clone where the
// processor has it; no build flag is needed and the binary stays portable.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "popcnt", "avx512vpopcntdq")))
#define COUNTING_CLONES __attribute__((target_clones("default", "popcnt")))
#define WIDE_CLONES __attribute__((target_clones("default", "avx2")))
#else
#define CLONES
#define COUNTING_CLONES
#define WIDE_CLONES
#endif

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#endif

#if defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
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

typedef struct {
    uint64_t in_a, in_b, shared;
} counts;

// Words that a processor counts one after the other: a vector of them would be counted by shifts and
// additions, which takes several times as long.
static inline __attribute__((always_inline)) counts count_words(const uint64_t *a,
                                                                const uint64_t *b, size_t words) {
    counts found = {0, 0, 0};
#pragma clang loop vectorize(disable) unroll_count(8)
    for (size_t i = 0; i < words; i++) {
        found.in_a += (uint64_t)__builtin_popcountll(a[i]);
        found.in_b += (uint64_t)__builtin_popcountll(b[i]);
        found.shared += (uint64_t)__builtin_popcountll(a[i] & b[i]);
    }
    return found;
}

// Eight words are one register of the widest processors, which count all of it at once.
static inline __attribute__((always_inline)) counts count_registers(const uint64_t *a,
                                                                    const uint64_t *b,
                                                                    size_t words) {
    counts found = {0, 0, 0};
#pragma clang loop vectorize_width(8) interleave_count(1)
    for (size_t i = 0; i < words; i++) {
        found.in_a += (uint64_t)__builtin_popcountll(a[i]);
        found.in_b += (uint64_t)__builtin_popcountll(b[i]);
        found.shared += (uint64_t)__builtin_popcountll(a[i] & b[i]);
    }
    return found;
}

typedef counts counting(const uint64_t *a, const uint64_t *b, size_t words);

static inline __attribute__((always_inline)) void dice_pairs(
    counting count_bits, const uint64_t *const *columns, const stile_place *places, size_t words,
    const float *of_count, const float *of_difference, const uint32_t *left,
    const uint32_t *right, const uint32_t *chosen, size_t count, float *similarity) {
    // Filters lie anywhere in memory: they are asked for some pairs before they are needed.
    const size_t ahead = 8;
    for (size_t n = 0; n < count; n++) {
        if (n + 2 * ahead < count) {
            const uint32_t p = chosen[n + 2 * ahead];
            __builtin_prefetch(places + left[p]);
            __builtin_prefetch(places + right[p]);
        }
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
        const counts found =
            count_bits(filter_of(columns, one, words), filter_of(columns, two, words), words);
        if (found.in_a == 0 || found.in_b == 0) {
            similarity[p] = -1.0f;
        } else if (of_count == NULL) {
            similarity[p] = 2.0f * (float)found.shared / (float)(found.in_a + found.in_b);
        } else {
            const float all = of_count[found.in_a] + of_count[found.in_b];
            const float apart = of_difference[found.in_a + found.in_b - 2 * found.shared];
            similarity[p] = all > apart ? (all - apart) / all : 0.0f;
        }
    }
}

COUNTING_CLONES static void dice_pairs_by_word(const uint64_t *const *columns,
                                               const stile_place *places, size_t words,
                                               const float *of_count, const float *of_difference,
                                               const uint32_t *left, const uint32_t *right,
                                               const uint32_t *chosen, size_t count,
                                               float *similarity) {
    // The usual widths are known beforehand, so that nothing is left over to be counted.
    if (words == 8) {
        dice_pairs(count_words, columns, places, 8, of_count, of_difference, left, right, chosen,
                   count, similarity);
    } else if (words == 16) {
        dice_pairs(count_words, columns, places, 16, of_count, of_difference, left, right, chosen,
                   count, similarity);
    } else {
        dice_pairs(count_words, columns, places, words, of_count, of_difference, left, right,
                   chosen, count, similarity);
    }
}

#if defined(__x86_64__) && defined(__linux__)
__attribute__((target("avx512f,avx512vpopcntdq"))) static void dice_pairs_by_register(
    const uint64_t *const *columns, const stile_place *places, size_t words,
    const float *of_count, const float *of_difference, const uint32_t *left,
    const uint32_t *right, const uint32_t *chosen, size_t count, float *similarity) {
    dice_pairs(count_registers, columns, places, words, of_count, of_difference, left, right,
               chosen, count, similarity);
}
#endif

void stile_dice_pairs(const uint64_t *const *columns, const stile_place *places, size_t words,
                      const float *of_count, const float *of_difference, const uint32_t *left,
                      const uint32_t *right, const uint32_t *chosen, size_t count,
                      float *similarity) {
#if defined(__x86_64__) && defined(__linux__)
    if (__builtin_cpu_supports("avx512vpopcntdq")) {
        dice_pairs_by_register(columns, places, words, of_count, of_difference, left, right,
                               chosen, count, similarity);
        return;
    }
#endif
    dice_pairs_by_word(columns, places, words, of_count, of_difference, left, right, chosen, count,
                       similarity);
}

typedef struct {
    uint32_t agree, meet, has_left, has_right;
} record_masks;

static inline __attribute__((always_inline)) record_masks compare_columns(const uint64_t *a,
                                                                          const uint64_t *b,
                                                                          size_t columns) {
    record_masks found = {0, 0, 0, 0};
    for (size_t i = 0; i < columns; i++) {
        found.has_left |= (uint32_t)(a[i] != 0) << i;
        found.has_right |= (uint32_t)(b[i] != 0) << i;
        found.agree |= (uint32_t)(a[i] == b[i]) << i;
        found.meet |= (uint32_t)((a[i] & b[i]) != 0) << i;
    }
    return found;
}

#if defined(__x86_64__) && defined(__linux__)
// A mask of four columns is one instruction that compares them and one that gathers the bits.
__attribute__((target("avx2"))) static inline record_masks compare_columns_by_four(
    const uint64_t *a, const uint64_t *b, size_t columns) {
    const __m256i zero = _mm256_setzero_si256();
    uint32_t differ = 0, apart = 0, no_left = 0, no_right = 0;
    size_t i = 0;
    for (; i + 4 <= columns; i += 4) {
        const __m256i one = _mm256_loadu_si256((const __m256i *)(a + i));
        const __m256i two = _mm256_loadu_si256((const __m256i *)(b + i));
        const __m256i same = _mm256_cmpeq_epi64(one, two);
        const __m256i disjoint = _mm256_cmpeq_epi64(_mm256_and_si256(one, two), zero);
        const __m256i empty_left = _mm256_cmpeq_epi64(one, zero);
        const __m256i empty_right = _mm256_cmpeq_epi64(two, zero);
        differ |= (uint32_t)(_mm256_movemask_pd(_mm256_castsi256_pd(same)) ^ 15) << i;
        apart |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(disjoint)) << i;
        no_left |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(empty_left)) << i;
        no_right |= (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(empty_right)) << i;
    }
    const uint32_t all = (uint32_t)(((uint64_t)1 << i) - 1);
    record_masks found = {~differ & all, ~apart & all, ~no_left & all, ~no_right & all};
    if (i < columns) {
        const record_masks rest = compare_columns(a + i, b + i, columns - i);
        found.agree |= rest.agree << i;
        found.meet |= rest.meet << i;
        found.has_left |= rest.has_left << i;
        found.has_right |= rest.has_right << i;
    }
    return found;
}
#endif

typedef record_masks comparing(const uint64_t *a, const uint64_t *b, size_t columns);

static inline __attribute__((always_inline)) void compare_records(
    comparing compare, const uint64_t *words, size_t width, const uint32_t *left,
    const uint32_t *right, size_t count, size_t stride, stile_masks masks) {
    const size_t ahead = 16;
    for (size_t n = 0; n < count; n++) {
        if (n + ahead < count) {
            const uint64_t *next_left = words + (size_t)left[n + ahead] * width;
            const uint64_t *next_right = words + (size_t)right[n + ahead] * width;
            for (size_t i = 0; i < width; i += 8) {
                __builtin_prefetch(next_left + i);
                __builtin_prefetch(next_right + i);
            }
            __builtin_prefetch(next_left + width - 1);
            __builtin_prefetch(next_right + width - 1);
        }
        const uint64_t *a = words + (size_t)left[n] * width;
        const uint64_t *b = words + (size_t)right[n] * width;
        for (size_t first = 0; first < width; first += 32) {
            const size_t columns = width - first < 32 ? width - first : 32;
            const record_masks found = compare(a + first, b + first, columns);
            const size_t place = first / 32 * stride + n;
            masks.agree[place] = found.agree & found.has_left;
            masks.meet[place] = found.meet;
            masks.has_left[place] = found.has_left;
            masks.has_right[place] = found.has_right;
        }
    }
}

#if defined(__x86_64__) && defined(__linux__)
__attribute__((target("avx2"))) static void compare_records_by_four(
    const uint64_t *words, size_t width, const uint32_t *left, const uint32_t *right, size_t count,
    size_t stride, stile_masks masks) {
    compare_records(compare_columns_by_four, words, width, left, right, count, stride, masks);
}
#endif

void stile_compare_records(const uint64_t *words, size_t width, const uint32_t *left,
                           const uint32_t *right, size_t count, size_t stride,
                           stile_masks masks) {
#if defined(__x86_64__) && defined(__linux__)
    if (__builtin_cpu_supports("avx2")) {
        compare_records_by_four(words, width, left, right, count, stride, masks);
        return;
    }
#endif
    compare_records(compare_columns, words, width, left, right, count, stride, masks);
}

WIDE_CLONES void stile_mark(uint8_t *digits, const uint32_t *masks, uint32_t bits, uint8_t open,
                            uint8_t digit, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool marks = (digits[i] == open) & ((masks[i] & bits) != 0);
        digits[i] = marks ? digit : digits[i];
    }
}

WIDE_CLONES void stile_mark_missing(uint8_t *digits, const uint32_t *has_left,
                                    const uint32_t *has_right, uint32_t bits, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool compares = (has_left[i] & has_right[i] & bits) != 0;
        digits[i] = compares ? digits[i] : 0;
    }
}

WIDE_CLONES void stile_mark_alike(uint8_t *digits, const float *similarity, float least,
                                  uint8_t open, uint8_t digit, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool marks = (digits[i] == open) & (similarity[i] >= least);
        digits[i] = marks ? digit : digits[i];
    }
}

WIDE_CLONES void stile_mark_incomparable(uint8_t *digits, const float *similarity, size_t count) {
    for (size_t i = 0; i < count; i++) digits[i] = similarity[i] < 0 ? 0 : digits[i];
}

WIDE_CLONES void stile_mark_said(uint8_t *digits, const uint8_t *others, size_t count) {
    for (size_t i = 0; i < count; i++) digits[i] = others[i] != 0 ? 0 : digits[i];
}

static inline __attribute__((always_inline)) size_t choose(const uint8_t *digits, uint8_t open,
                                                           const bool *known,
                                                           const uint32_t *masks, uint32_t bits,
                                                           uint32_t *chosen, size_t count) {
    enum { PART = 64 };
    uint8_t marks[PART];
    size_t found = 0;
    for (size_t first = 0; first < count; first += PART) {
        const size_t size = count - first < PART ? count - first : PART;
        if (size < PART) memset(marks, 0, PART);
        for (size_t i = 0; i < size; i++) {
            const bool is_open = (digits[first + i] == open) & ((masks[first + i] & bits) != 0);
            marks[i] = known == NULL ? is_open : is_open & !known[first + i];
        }
        // Mostly few are chosen: eight that are not are passed over at once.
        for (size_t i = 0; i < size; i += 8) {
            uint64_t eight;
            memcpy(&eight, marks + i, sizeof eight);
            if (eight == 0) continue;
            const size_t end = size - i < 8 ? size : i + 8;
            // Every pair is written, and overwritten by the next where it is not chosen: no branch
            // to guess.
            for (size_t n = i; n < end; n++) {
                chosen[found] = (uint32_t)(first + n);
                found += marks[n];
            }
        }
    }
    return found;
}

WIDE_CLONES size_t stile_choose(const uint8_t *digits, uint8_t open, const bool *known,
                                const uint32_t *masks, uint32_t bits, uint32_t *chosen,
                                size_t count) {
    return known == NULL ? choose(digits, open, NULL, masks, bits, chosen, count)
                         : choose(digits, open, known, masks, bits, chosen, count);
}

void stile_keep_best(float *best, const float *similarity, const uint32_t *chosen, size_t count) {
    for (size_t n = 0; n < count; n++) {
        const uint32_t p = chosen[n];
        best[p] = similarity[p] > best[p] ? similarity[p] : best[p];
    }
}

WIDE_CLONES void stile_mark_known(bool *known, const uint8_t *digits, uint8_t open, size_t count) {
    for (size_t i = 0; i < count; i++) known[i] |= digits[i] == open;
}

WIDE_CLONES void stile_mark_surely_said(uint8_t *digits, const uint8_t *others, uint8_t anything,
                                        uint8_t digit, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool says = (others[i] != 0) & (others[i] != anything);
        digits[i] = says ? digit : digits[i];
    }
}

WIDE_CLONES void stile_mark_perhaps_said(uint8_t *digits, const uint8_t *others, uint8_t anything,
                                         bool even_missing, uint8_t digit, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const bool marks = (others[i] == anything) & (even_missing | (digits[i] != 0));
        digits[i] = marks ? digit : digits[i];
    }
}

WIDE_CLONES void stile_add_digits(uint64_t *patterns, const uint8_t *digits, uint64_t stride,
                                  size_t count) {
    for (size_t i = 0; i < count; i++) patterns[i] += (uint64_t)digits[i] * stride;
}

void stile_prefer_large_pages(void *start, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const uintptr_t page = 4096;
    const uintptr_t first = ((uintptr_t)start + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)start + bytes) / page * page;
    if (end > first) madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
    (void)start;
    (void)bytes;
#endif
}

void stile_return_memory(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}

WIDE_CLONES bool stile_share_word(const uint32_t *a, const uint32_t *b, const uint32_t *counted,
                                  size_t words) {
    uint32_t shared = 0;
    // Where the words are equal, what is left of either tells whether it is zero.
    for (size_t i = 0; i < words; i++) shared |= a[i] == b[i] ? a[i] & counted[i] : 0;
    return shared != 0;
}

// Eight prints in one register of the smallest processors.
typedef uint16_t prints __attribute__((vector_size(16), aligned(2)));

static inline __attribute__((always_inline)) bool share_print(const uint16_t *a, size_t a_blocks,
                                                              const uint16_t *b, size_t b_blocks) {
    prints same = {0};
    for (size_t block = 0; block < b_blocks; block++) {
        const prints tokens = *(const prints *)(b + block * 8);
        for (size_t i = 0; i < a_blocks * 8; i++) same |= (prints)(tokens == a[i]);
    }
    uint64_t halves[2];
    memcpy(halves, &same, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

size_t stile_choose_sharing(const uint16_t *prints, const uint32_t *starts,
                            const uint32_t *numbers, const uint32_t *left, const uint32_t *right,
                            const uint32_t *chosen, size_t count, uint32_t *sharing) {
    // Three things lie anywhere in memory, each where the one before says: each is asked for some
    // pairs before the next.
    const size_t ahead = 8;
    size_t found = 0;
    for (size_t n = 0; n < count; n++) {
        if (numbers != NULL && n + 3 * ahead < count) {
            const uint32_t p = chosen[n + 3 * ahead];
            __builtin_prefetch(numbers + left[p]);
            __builtin_prefetch(numbers + right[p]);
        }
        if (n + 2 * ahead < count) {
            const uint32_t p = chosen[n + 2 * ahead];
            __builtin_prefetch(starts + (numbers != NULL ? numbers[left[p]] : left[p]));
            __builtin_prefetch(starts + (numbers != NULL ? numbers[right[p]] : right[p]));
        }
        if (n + ahead < count) {
            const uint32_t p = chosen[n + ahead];
            __builtin_prefetch(
                prints + (size_t)starts[numbers != NULL ? numbers[left[p]] : left[p]] * 8);
            __builtin_prefetch(
                prints + (size_t)starts[numbers != NULL ? numbers[right[p]] : right[p]] * 8);
        }
        const uint32_t p = chosen[n];
        const uint32_t one = numbers != NULL ? numbers[left[p]] : left[p];
        const uint32_t two = numbers != NULL ? numbers[right[p]] : right[p];
        sharing[found] = p;
        found += one == two
                 || share_print(prints + (size_t)starts[one] * 8, starts[one + 1] - starts[one],
                                prints + (size_t)starts[two] * 8, starts[two + 1] - starts[two]);
    }
    return found;
}

void stile_gather(const uint64_t *column, size_t width, size_t first, const uint64_t *entries,
                  size_t count, uint64_t *words) {
    const size_t ahead = 16;
    for (size_t n = 0; n < count; n++) {
        if (n + ahead < count) {
            const uint64_t next = entries[n + ahead];
            const uint64_t *from = column + ((next >> 32) - first) * width;
            uint64_t *to = words + (next & 0xffffffff) * width;
            for (size_t i = 0; i < width; i += 8) {
                __builtin_prefetch(from + i);
                __builtin_prefetch(to + i, 1);
            }
        }
        const uint64_t *from = column + ((entries[n] >> 32) - first) * width;
        uint64_t *to = words + (entries[n] & 0xffffffff) * width;
        // The usual width is known beforehand.
        if (width == 8) {
            memcpy(to, from, 8 * sizeof *to);
        } else {
            memcpy(to, from, width * sizeof *to);
        }
    }
}
