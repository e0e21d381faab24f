"""Fits the data of a folder with one peer, several times, and leaves one JSON file.

    fit_peer.py PEER --data DIR --runs N --json OUT [--iterations N]

PEER is newton-cholesky or lbfgs (scikit-learn without penalty), statsmodels (Logit by Newton's
method), dsyrk (XᵀX by the BLAS that Stile uses, as many times as --iterations says) or
scipy-dsyrk (the same by the BLAS that comes with scipy). Reading the data is not timed, and each
peer gets them in the order that it works in. Tolerances are as loose as they can be for the same
optimum: fit_table.py says how far each answer is from it. The file is written after every run.
"""

import argparse
import ctypes
import ctypes.util
import json
import os
import time
import warnings
from pathlib import Path

import numpy

from fit_design import Design


def sklearn_fit(solver, tolerance):
    def prepare(design):
        import sklearn
        from sklearn.linear_model import LogisticRegression

        matrix, outcomes = design.matrix("C"), design.outcomes()

        def fit():
            model = LogisticRegression(C=numpy.inf, solver=solver, tol=tolerance, max_iter=100_000)
            with warnings.catch_warnings():
                # The line search says when rounding ends it; the gradient in the table tells how far that is.
                warnings.simplefilter("ignore")
                model.fit(matrix, outcomes)
            return int(model.n_iter_[0]), float(model.intercept_[0]), model.coef_[0].tolist()

        return fit, f"scikit-learn {sklearn.__version__}"

    return prepare


def statsmodels_fit(design):
    import statsmodels
    from statsmodels.discrete.discrete_model import Logit

    matrix, outcomes = design.matrix("F", intercept=True), design.outcomes()

    def fit():
        result = Logit(outcomes, matrix).fit(method="newton", maxiter=100, tol=1e-6, disp=0)
        return int(result.mle_retvals["iterations"]), float(result.params[0]), result.params[1:].tolist()

    return fit, f"statsmodels {statsmodels.__version__}"


def dsyrk(iterations):
    def prepare(design):
        name = "libblas.so.3"
        library = ctypes.CDLL(name)
        matrix = design.matrix("F")
        product = numpy.zeros((design.columns, design.columns), order="F")
        pointer = ctypes.POINTER(ctypes.c_double)
        library.cblas_dsyrk.argtypes = [ctypes.c_int] * 5 + [ctypes.c_double, pointer, ctypes.c_int,
                                                             ctypes.c_double, pointer, ctypes.c_int]
        library.cblas_dsyrk.restype = None
        column_major, upper, transposed = 102, 121, 112

        def multiply():
            for _ in range(iterations):
                library.cblas_dsyrk(
                    column_major, upper, transposed, design.columns, design.rows, 1.0,
                    matrix.ctypes.data_as(pointer), design.rows, 0.0,
                    product.ctypes.data_as(pointer), design.columns)
            return iterations, None, None

        try:
            library.openblas_get_config.restype = ctypes.c_char_p
            version = library.openblas_get_config().decode().split(" NO_")[0]
        except AttributeError:
            version = name
        return multiply, version

    return prepare


def scipy_dsyrk(iterations):
    def prepare(design):
        import scipy
        from scipy.linalg.blas import dsyrk as multiply

        matrix = design.matrix("F")

        def run():
            for _ in range(iterations):
                multiply(1.0, matrix, trans=1)
            return iterations, None, None

        return run, f"scipy {scipy.__version__}"

    return prepare


def main():
    parser = argparse.ArgumentParser(description="Fit the data of a folder with one peer.")
    parser.add_argument("peer", choices=("newton-cholesky", "lbfgs", "statsmodels", "dsyrk", "scipy-dsyrk"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--iterations", type=int, default=1)
    parser.add_argument("--json", required=True, type=Path)
    arguments = parser.parse_args()
    systems = {
        "newton-cholesky": ("scikit-learn newton-cholesky", sklearn_fit("newton-cholesky", 1e-7)),
        "lbfgs": ("scikit-learn lbfgs", sklearn_fit("lbfgs", 1e-10)),
        "statsmodels": ("statsmodels Logit, newton", statsmodels_fit),
        "dsyrk": ("dsyrk alone, Stile's BLAS", dsyrk(arguments.iterations)),
        "scipy-dsyrk": ("dsyrk alone, scipy's BLAS", scipy_dsyrk(arguments.iterations)),
    }
    system, prepare = systems[arguments.peer]
    run, version = prepare(Design(arguments.data))
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    seconds = []
    for _ in range(arguments.runs):
        start = time.perf_counter()
        iterations, intercept, coefficients = run()
        seconds.append(time.perf_counter() - start)
        result = {"system": system, "version": version, "seconds": seconds, "iterations": iterations,
                  "threads": int(threads) if threads else os.cpu_count()}
        if coefficients is not None:
            result |= {"intercept": intercept, "coefficients": coefficients}
        arguments.json.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
