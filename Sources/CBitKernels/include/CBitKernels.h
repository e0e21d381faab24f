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
///
/// Where filters were hardened, `of_count` has for each number of set bits what stands for it in
/// Dice's coefficient, and `of_difference` for each number of bits in which two differ; null
/// pointers where the numbers stand for themselves.
void stile_dice_pairs(const uint64_t *const *columns, const stile_place *places, size_t words,
                      const float *of_count, const float *of_difference, const uint32_t *left,
                      const uint32_t *right, const uint32_t *chosen, size_t count,
                      float *similarity);

/// What a comparison of records finds, a bit for each column: 32 columns in the first `stride`
/// masks, one a pair, the next 32 in those after.
typedef struct {
    /// Both have a value, and the same.
    uint32_t *agree;
    /// The values have a bit in common.
    uint32_t *meet;
    uint32_t *has_left;
    uint32_t *has_right;
} stile_masks;

/// Compares the `count` pairs of records `left[n]` and `right[n]`, each of `width` words, column by
/// column; a word of zero is missing.
void stile_compare_records(const uint64_t *words, size_t width, const uint32_t *left,
                           const uint32_t *right, size_t count, size_t stride, stile_masks masks);

/// Sets to `digit` the digits that are `open` and in whose mask one of `bits` is set.
void stile_mark(uint8_t *digits, const uint32_t *masks, uint32_t bits, uint8_t open, uint8_t digit,
                size_t count);

/// Sets to 0 the digits of pairs of which a side has none of `bits`.
void stile_mark_missing(uint8_t *digits, const uint32_t *has_left, const uint32_t *has_right,
                        uint32_t bits, size_t count);

/// Sets to `digit` the digits that are `open` and whose pairs are at least so alike.
void stile_mark_alike(uint8_t *digits, const float *similarity, float least, uint8_t open,
                      uint8_t digit, size_t count);

/// Sets to 0 the digits of pairs whose similarity is negative: that cannot be compared.
void stile_mark_incomparable(uint8_t *digits, const float *similarity, size_t count);

/// Sets to 0 the digits of pairs of which another comparison says something.
void stile_mark_said(uint8_t *digits, const uint8_t *others, size_t count);

/// Chooses the pairs whose digits are `open` and in whose mask one of `bits` is set, but for those that
/// are `known` (a null pointer: none); returns how many.
size_t stile_choose(const uint8_t *digits, uint8_t open, const bool *known, const uint32_t *masks,
                    uint32_t bits, uint32_t *chosen, size_t count);

/// Keeps of the chosen pairs the higher similarity in `best`.
void stile_keep_best(float *best, const float *similarity, const uint32_t *chosen, size_t count);

/// Marks the pairs whose digits are `open`, beside those that are marked.
void stile_mark_known(bool *known, const uint8_t *digits, uint8_t open, size_t count);

/// Sets to `digit` the digits of pairs of which another comparison says something: its code is
/// neither 0 nor `anything`.
void stile_mark_surely_said(uint8_t *digits, const uint8_t *others, uint8_t anything,
                            uint8_t digit, size_t count);

/// Sets to `digit` the digits of pairs of which another comparison may say something, which has the
/// code `anything`; digits of 0 only with `even_missing`.
void stile_mark_perhaps_said(uint8_t *digits, const uint8_t *others, uint8_t anything,
                             bool even_missing, uint8_t digit, size_t count);

/// Adds the digits, each times `stride`, to the patterns.
void stile_add_digits(uint64_t *patterns, const uint8_t *digits, uint64_t stride, size_t count);

/// Asks for large pages for memory that has not been written to and will be read anywhere.
void stile_prefer_large_pages(void *start, size_t bytes);

/// Gives memory that has been freed back to the system, where the C library keeps it.
void stile_return_memory(void);

/// Asks for `bytes` bytes from `a` on, which will be read soon.
static inline void stile_prefetch(const void *a, size_t bytes) {
    for (size_t i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)a + i);
}

/// Whether two rows of words agree at one of the first `words` places, zeros left out.
///
/// `counted` has all bits at the places that count, and none at the others.
bool stile_share_word(const uint32_t *a, const uint32_t *b, const uint32_t *counted,
                      size_t words);

/// Chooses of the `count` chosen pairs those whose sets may have an element in common: that are one
/// and the same or share the sixteen bits of an element; returns how many.
///
/// Set `i` is in the blocks of eight `prints` from `starts[i]` to `starts[i + 1]`; the sets of pair `p`
/// are `numbers[left[p]]` and `numbers[right[p]]`, or `left[p]` and `right[p]` where `numbers` is a null
/// pointer. `sharing` has room for `count` pairs.
size_t stile_choose_sharing(const uint16_t *prints, const uint32_t *starts,
                            const uint32_t *numbers, const uint32_t *left, const uint32_t *right,
                            const uint32_t *chosen, size_t count, uint32_t *sharing);

/// Copies filters of `width` words from a column to memory where they are wanted.
///
/// An entry has the filter's number in the upper half, of which `first` is the column's first, and
/// its place in `words` in the lower.
void stile_gather(const uint64_t *column, size_t width, size_t first, const uint64_t *entries,
                  size_t count, uint64_t *words);

/// A bigram to be drawn into a filter.
typedef struct {
    /// The key of its function.
    uint64_t first, second;
    /// Two characters, of which the lower 42 bits are used.
    uint64_t bigram;
    /// The number of the filter.
    size_t filter;
} stile_draw;

/// Sets in the filters, each of 2 to the power of `bits` bits and one after another, the positions
/// of `count` bigrams.
///
/// Value `n` of a bigram is SipHash-2-4 of the bigram with `n` in the bits above it; each is cut
/// into numbers of `bits` bits from the lowest on, as many as fit, until there are `positions`.
void stile_draw_bigrams(uint64_t *filters, unsigned bits, unsigned positions,
                        const stile_draw *draws, size_t count);

/// Makes of `words` words, a multiple of four, all bits that are set in one of the `count` chosen
/// masks, which have the same length and lie one after another.
void stile_unite(uint64_t *filter, size_t words, const uint64_t *masks, const uint32_t *chosen,
                 size_t count);
