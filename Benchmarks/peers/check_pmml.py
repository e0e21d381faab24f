"""Scores a model folder's test pack by its model.pmml with scorers that share no code with Stile.

    check_pmml.py [--figures FILE --name SET] FOLDER

FOLDER is what `stile models export` wrote. The scorers are sklearn-pmml-model (NumPy) and, where
there is a Java runtime, PyPMML (PMML4S on the Java virtual machine). Prints for each the largest
difference between its probabilities and those of test-pack.csv, relative to the probability;
exit status 1 where one is above 1e-12. With --figures a line for each scorer is added to FILE, as
stile-oracles reads it: the set, the scorer, the difference and the number of rows.
"""

import argparse
import csv
import shutil
import sys
from pathlib import Path

TOLERANCE = 1e-12


def test_pack(folder):
    """Names of the rows, their values by column, and the expected probabilities."""
    with open(folder / "test-pack.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [row.pop("row") for row in rows]
    expected = [float(row.pop("probability")) for row in rows]
    for row in rows:
        del row["linear_predictor"]
    return names, [{name: float(text) for name, text in row.items()} for row in rows], expected


def by_sklearn_pmml_model(document, rows):
    import pandas
    from sklearn_pmml_model.linear_model import PMMLLogisticRegression

    model = PMMLLogisticRegression(pmml=str(document))
    column = [str(value) for value in model.classes_].index("1")
    return model.predict_proba(pandas.DataFrame(rows))[:, column].tolist()


def by_pypmml(document, rows):
    from pypmml import Model

    model = Model.load(str(document))
    name = next(field.name for field in model.outputFields)
    return [model.predict(row)[name] for row in rows]


def largest(names, expected, found):
    """The largest relative difference and the row that has it."""
    differences = [
        abs(right - left) / left if left else (float("inf") if right else 0.0)
        for left, right in zip(expected, found, strict=True)
    ]
    worst = max(range(len(differences)), key=differences.__getitem__)
    return differences[worst], names[worst]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--figures", type=Path)
    parser.add_argument("--name", default="")
    arguments = parser.parse_args()
    folder = arguments.folder
    names, rows, expected = test_pack(folder)
    scorers = {"sklearn-pmml-model": by_sklearn_pmml_model}
    if shutil.which("java"):
        scorers["PyPMML"] = by_pypmml
    agrees = True
    for scorer, score in scorers.items():
        difference, row = largest(names, expected, score(folder / "model.pmml", rows))
        agrees = agrees and difference <= TOLERANCE
        if arguments.figures:
            with open(arguments.figures, "a", encoding="utf-8") as file:
                file.write(f"{arguments.name}\tpmml:{scorer}\t{difference!r} {len(rows)}\n")
        print(f"{scorer}: {len(rows)} rows, largest relative difference {difference:.3g} (row {row})")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
