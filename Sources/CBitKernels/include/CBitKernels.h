#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The number of bits set in `words` 64-bit words.
uint32_t stile_popcount(const uint64_t *a, size_t words);

/// The number of bits set in both of two filters of `words` 64-bit words.
uint32_t stile_and_popcount(const uint64_t *a, const uint64_t *b, size_t words);

/// The Dice similarity of `pairs` pairs of filters into `similarity`; -1 where
/// either filter is empty. Filter `i` is `filters[i * words]...`, and
/// `populations[i]` is the number of its bits that are set.
void stile_dice_pairs(const uint64_t *filters, const uint32_t *populations, size_t words,
                      const uint32_t *left, const uint32_t *right, size_t pairs,
                      float *similarity);

/// Whether two rows of words agree at one of the first `words` places, zeros left out.
bool stile_share_word(const uint32_t *a, const uint32_t *b, size_t words);
