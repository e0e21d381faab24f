"""The data that all fit: a folder that `stile-bench-fit make` wrote.

design.json says what there is: `rows` numbers of each of `columns` columns lie in design.columns as
little-endian doubles, the first at `offset` bytes and each next `stride` bytes on. outcomes.f64 has an
outcome for each row.
"""

import json
from pathlib import Path

import numpy


class Design:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.facts = json.loads((self.folder / "design.json").read_text(encoding="utf-8"))
        self.rows = self.facts["rows"]
        self.columns = self.facts["columns"]

    @property
    def megabytes(self):
        return self.rows * self.columns * 8 / 1e6

    def outcomes(self):
        return numpy.fromfile(self.folder / "outcomes.f64", dtype="<f8", count=self.rows)

    def column(self, index):
        return numpy.fromfile(
            self.folder / "design.columns", dtype="<f8", count=self.rows,
            offset=self.facts["offset"] + self.facts["stride"] * index)

    def matrix(self, order, intercept=False):
        """The columns, after a column of ones where there is to be an intercept; never held twice."""
        first = 1 if intercept else 0
        matrix = numpy.empty((self.rows, self.columns + first), order=order)
        if intercept:
            matrix[:, 0] = 1
        for index in range(self.columns):
            matrix[:, index + first] = self.column(index)
        return matrix


def scaled_gradient(design, intercept, coefficients):
    """max |gⱼ| ÷ √Hⱼⱼ over the intercept and all coefficients: how far an answer is from the optimum.

    g is the gradient of the log-likelihood, H its information; 1e-4 means that no coefficient by
    itself could move by more than a ten-thousandth of its standard error.
    """
    predictor = numpy.full(design.rows, float(intercept))
    for index, coefficient in enumerate(coefficients):
        predictor += coefficient * design.column(index)
    probability = 1 / (1 + numpy.exp(-predictor))
    residual = design.outcomes() - probability
    weight = probability * (1 - probability)
    worst = abs(residual.sum()) / numpy.sqrt(weight.sum())
    for index in range(design.columns):
        column = design.column(index)
        information = (weight * column * column).sum()
        if information > 0:
            worst = max(worst, abs((residual * column).sum()) / numpy.sqrt(information))
    return float(worst)
