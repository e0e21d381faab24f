#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The number of bits set in `words` 64-bit words.
uint32_t stile_popcount(const uint64_t *a, size_t words);

/// The number of bits set in both of two filters of `words` 64-bit words.
uint32_t stile_and_popcount(const uint64_t *a, const uint64_t *b, size_t words);

/// Where a row lies: the row `row` of the column of the source `source`.
typedef struct {
    int32_t source;
    int32_t row;
} stile_place;

/// The Dice similarity of the `count` pairs of filters `left[chosen[n]]` and
/// `right[chosen[n]]` into `similarity[chosen[n]]`; -1 where a filter has no set bit or its
/// source no such column (a null pointer). Filter `i` is `words` words from
/// `columns[places[i].source] + places[i].row * words`.
void stile_dice_pairs(const uint64_t *const *columns, const stile_place *places, size_t words,
                      const uint32_t *left, const uint32_t *right, const uint32_t *chosen,
                      size_t count, float *similarity);

/// Copies the `count` rows of `width` words that `rows` names one after another.
void stile_gather_rows(const uint64_t *words, size_t width, const uint32_t *rows, size_t count,
                       uint64_t *gathered);

/// Asks for `bytes` bytes from `a` on, which will be read soon.
static inline void stile_prefetch(const void *a, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)a + i);
}

/// Whether two rows of words agree at one of the first `words` places, zeros left out.
bool stile_share_word(const uint32_t *a, const uint32_t *b, size_t words);
