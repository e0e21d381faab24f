#pragma once
#include <stddef.h>
#include <stdint.h>

/// What a logistic likelihood needs of each of `count` rows.
///
/// On entry `predictor` holds the linear predictor; on return `weight * (outcome - probability)`.
/// `roots` receives the square root of `weight * probability * (1 - probability)`. An outcome is 0
/// or 1; `weights` may be null, for ones.
///
/// Returns the sum of the rows' weighted log-likelihood, added in four interleaved partial sums,
/// so that its order does not depend on the processor.
double stile_logistic_rows(double *predictor, double *roots, const double *outcomes,
                           const double *weights, size_t count);

/// `target[i] = (source[i] - mean) * factor`; asks for `count` values from `next` on, which may be
/// null, while it works.
void stile_standardise(double *target, const double *source, double mean, double factor,
                       size_t count, const double *next);

/// `values[i] *= factors[i]`.
void stile_multiply(double *values, const double *factors, size_t count);

/// The sum of `values`, in four interleaved partial sums.
double stile_sum(const double *values, size_t count);

/// The sum of `(values[i] - mean)²`, in four interleaved partial sums.
double stile_sum_of_squares(const double *values, double mean, size_t count);

/// What `count` values are like, as far as a fit must know before it begins.
typedef struct {
    double least;
    double largest;
    /// Values that are neither NaN nor infinite.
    size_t finite;
    /// Values other than zero.
    size_t nonzero;
} stile_range;

stile_range stile_range_of(const double *values, size_t count);

/// The name of the processor by itself, at most 48 characters and a zero; empty where it does not say.
void stile_processor_name(char name[49]);

/// The level of its instructions for which a clone of these kernels is chosen.
const char *stile_processor_level(void);

/// Rows of a matrix of which most numbers are zero, row by row.
typedef struct {
    /// Where the numbers of each row begin; one more than there are rows.
    const uint32_t *starts;
    /// The row of each number, so that loops over numbers need not end with each row.
    const uint16_t *rows;
    /// The column of each number; ascending within a row.
    const uint16_t *columns;
    const double *values;
} stile_sparse_rows;

/// `product += X · vector` over `count` rows from row `first` on, which is element 0 of `product`;
/// so it is with `vector` and `factors` below.
void stile_sparse_product(double *product, stile_sparse_rows rows, const double *vector,
                          size_t first, size_t count);

/// `sums += Xᵀ · vector` over `count` rows.
void stile_sparse_transposed(double *sums, stile_sparse_rows rows, const double *vector,
                             size_t first, size_t count);

/// Products weighted by the squares of `factors` over `count` rows: `mixed += DᵀWX`, with D `dense`
/// columns that lie row by row, and `own += XᵀWX` in the upper triangle, of order `sparse`; both
/// column by column.
void stile_sparse_gram(double *mixed, double *own, stile_sparse_rows rows, const double *factors,
                       const double *dense_rows, size_t dense, size_t sparse, size_t first,
                       size_t count);
