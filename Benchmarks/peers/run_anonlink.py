"""Links FEBRL 4, or its half-overlap version, by cryptographic linkage keys (clkhash, anonlink).

    run_anonlink.py --data DIR --set febrl4|febrl4-half --json OUT

One Bloom filter of 1,024 bits for the whole record, in the manner of clkhash's own tutorial on
FEBRL 4 (names and date of birth at twice the bits of the other fields, soc_sec_id left out),
with its keyed BLAKE hash. The Dice coefficient is the score; it is no probability. Every pair
is compared; those below LOWEST_DICE are not kept, because a little lower they are millions.
"""

import argparse
import csv
import io
from importlib.metadata import version

import duckdb
import numpy as np

import measure
import records

LOWEST_DICE = 0.74
SECRET = "a public secret: this is a benchmark"


def schema():
    from clkhash.schema import from_json_dict

    def feature(name, n, bits, kind="string", positional=False):
        hashing = {
            "comparison": {"type": "ngram", "n": n, "positional": positional},
            "strategy": {"bitsPerFeature": bits},
        }
        described = {"type": kind, "encoding": "utf-8"} if kind == "string" else {"type": kind}
        if kind == "integer":
            hashing["missingValue"] = {"sentinel": ""}
        return {"identifier": name, "format": described, "hashing": hashing}

    return from_json_dict({
        "version": 3,
        "clkConfig": {
            "l": 1024,
            "kdf": {"type": "HKDF", "hash": "SHA256", "salt": "c2FsdA==", "info": "cGVlcnM=", "keySize": 64},
        },
        "features": [
            feature("given_name", 2, 200),
            feature("surname", 2, 200),
            feature("street_number", 1, 100, "integer", True),
            feature("address_1", 2, 100),
            feature("address_2", 2, 100),
            feature("suburb", 2, 100),
            feature("postcode", 1, 100, "integer", True),
            feature("state", 2, 100, positional=True),
            feature("date_of_birth", 1, 200, "integer", True),
        ],
    })


def encode(connection, table):
    """One filter per record, and the records' numbers."""
    from clkhash import clk

    fields = [name for name in records.FEBRL_FIELDS if name != "soc_sec_id"]
    columns = ", ".join(f"coalesce({name}, '')" for name in fields)
    rows = connection.execute(f"select record, {columns} from {table} order by record").fetchall()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(fields)
    writer.writerows(row[1:] for row in rows)
    text.seek(0)
    filters = clk.generate_clk_from_csv(text, SECRET, schema(), validate=False, progress_bar=False)
    return filters, np.array([row[0] for row in rows], dtype=np.int64)


def main():
    import anonlink.candidate_generation
    import anonlink.similarities
    import anonlink.solving

    parser = argparse.ArgumentParser(description="Link FEBRL 4 by cryptographic linkage keys.")
    parser.add_argument("--data", required=True)
    parser.add_argument("--set", required=True, choices=("febrl4", "febrl4-half"), dest="name")
    parser.add_argument("--json", required=True)
    arguments = parser.parse_args()

    clock = measure.Clock()
    connection = duckdb.connect()
    data = records.load(connection, arguments.name, arguments.data)
    clock.lap("read")
    encoded = [encode(connection, table) for table in data.tables]
    clock.lap("encode")
    candidates = anonlink.candidate_generation.find_candidate_pairs(
        [filters for filters, _ in encoded], anonlink.similarities.dice_coefficient_accelerated, LOWEST_DICE
    )
    clock.lap("predict")
    anonlink.solving.greedy_solve(candidates)
    clock.lap("cluster")
    cost = clock.cost()

    import quality

    score, _, (left, right) = candidates
    scored = quality.Scored(
        encoded[0][1][np.asarray(left, dtype=np.int64)],
        encoded[1][1][np.asarray(right, dtype=np.int64)],
        np.asarray(score),
    )
    result = {
        "set": arguments.name, "system": "anonlink", "variant": "clk",
        "version": f"clkhash {version('clkhash')}, anonlink {version('anonlink')}",
    }
    result |= quality.summary(scored, data.truth, data.two_sources, probabilities=False)
    measure.write(arguments.json, result | cost)


if __name__ == "__main__":
    main()
