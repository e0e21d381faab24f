#pragma once
#include <stddef.h>

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
