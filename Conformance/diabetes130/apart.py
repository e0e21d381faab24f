"""References for the split by patient and for the deaths in hospital of Diabetes 130.

usage: python3 apart.py dataset_diabetes.zip        (needs numpy, pandas, scikit-learn)

Fits by Newton's method in NumPy the design that ../../Models/diabetes130 declares; patients are
dealt into ten parts as PeopleApart does, by xoshiro256** from its seed and label.
"""
import sys
import zipfile

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

WORD = (1 << 64) - 1


class Generator:
    """xoshiro256**, seeded by SplitMix64 over FNV-1a of the label, as SeededGenerator."""

    def __init__(self, seed, label):
        mixed = seed ^ 0xCBF29CE484222325
        for byte in label.encode():
            mixed = ((mixed ^ byte) * 0x100000001B3) & WORD
        self.state = []
        for _ in range(4):
            mixed = (mixed + 0x9E3779B97F4A7C15) & WORD
            word = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & WORD
            word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & WORD
            self.state.append(word ^ (word >> 31))

    def below(self, bound):
        def rotated(word, bits):
            return ((word << bits) | (word >> (64 - bits))) & WORD

        a, b, c, d = self.state
        word = (rotated((b * 5) & WORD, 7) * 9) & WORD
        shifted = (b << 17) & WORD
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        self.state = [a, b, c ^ shifted, rotated(d, 45)]
        return (word * bound) >> 64


def design(rows):
    columns = [np.ones(len(rows)), rows.age.str.extract(r"\[(\d+)-")[0].astype(float) + 5]
    columns += [rows[name].astype(float) for name in (
        "time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications",
        "number_outpatient", "number_emergency", "number_inpatient", "number_diagnoses")]
    columns.append(rows.gender == "Female")
    columns += [rows.race == race for race in ("AfricanAmerican", "Asian", "Hispanic", "Other", "?")]
    columns += [rows.admission_type_id == "1", rows.discharge_disposition_id != "1"]
    columns += [rows.A1Cresult == result for result in (">7", ">8", "Norm")]
    columns += [rows.insulin != "No", rows.change == "Ch", rows.diabetesMed == "Yes"]
    code = np.floor(pd.to_numeric(rows.diag_1, errors="coerce"))
    for low, high, also in ((390, 459, 785), (460, 519, 786), (520, 579, 787), (250, 250, 250),
                            (800, 999, 800), (710, 739, 710), (580, 629, 788), (140, 239, 140)):
        columns.append(code.between(low, high) | (code == also))
    columns.append(rows.groupby("patient_nbr").cumcount())
    return np.column_stack([np.asarray(column, float) for column in columns])


def fitted(x, y):
    mean, scale = x.mean(0), x.std(0)
    mean[0], scale[0] = 0, 1
    z = (x - mean) / scale
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        mu = 1 / (1 + np.exp(-z @ beta))
        step = np.linalg.solve((z * (mu * (1 - mu))[:, None]).T @ z, z.T @ (y - mu))
        beta += step
        if np.abs(step).max() < 1e-13:
            break
    beta = beta / scale
    beta[0] -= (beta * mean).sum()
    return beta


def main(path):
    with zipfile.ZipFile(path) as archive, archive.open("dataset_diabetes/diabetic_data.csv") as file:
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
    encounter = rows.encounter_id.astype(int)
    rows = rows.loc[encounter.sort_values().index].reset_index(drop=True)
    x, y = design(rows), (rows.readmitted == "<30").to_numpy(float)
    train = (rows.encounter_id.astype(int) <= 152388294).to_numpy()
    dead = rows.discharge_disposition_id.isin(["11", "19", "20", "21"]).to_numpy()

    person = pd.factorize(rows.patient_nbr)[0]
    order = list(range(person.max() + 1))
    generator = Generator(20250101, "people apart")
    for last in range(len(order) - 1, 0, -1):
        other = generator.below(last + 1)
        order[last], order[other] = order[other], order[last]
    part_of = np.empty(len(order), int)
    part_of[order] = np.arange(len(order)) % 10
    part = part_of[person]

    def apart(fit, test):
        score = np.empty(len(y))
        for one in range(10):
            beta = fitted(x[fit & (part != one)], y[fit & (part != one)])
            score[part == one] = x[part == one] @ beta
        return score[test]

    everyone = np.ones(len(y), bool)
    print("test rows, patients apart  ", repr(float(roc_auc_score(y[~train], apart(train, ~train)))))
    print("all rows, patients apart   ", repr(float(roc_auc_score(y, apart(everyone, everyone)))))
    score = x @ fitted(x[train], y[train])
    alive = ~train & ~dead
    top = np.argsort(-score[~train], kind="stable")[:509]
    print("deaths among the test rows ", int(dead[~train].sum()), "on the list", int(dead[~train][top].sum()))
    print("without them               ", repr(float(roc_auc_score(y[alive], score[alive]))))
    score = x @ fitted(x[train & ~dead], y[train & ~dead])
    print("fitted without them too    ", repr(float(roc_auc_score(y[alive], score[alive]))))


main(sys.argv[1])
