#pragma once
#include <stddef.h>
#include <stdint.h>

/// The number of bits set in `words` 64-bit words.
uint32_t stile_popcount(const uint64_t *a, size_t words);

/// The number of bits set in both of two filters of `words` 64-bit words.
uint32_t stile_and_popcount(const uint64_t *a, const uint64_t *b, size_t words);
