"""Links FEBRL 4, or its half-overlap version, with recordlinkage's ECM classifier.

    run_ecm.py --data DIR --set febrl4|febrl4-half --json OUT

Fellegi-Sunter with two levels a field, fitted by expectation-conditional maximisation without
labels; blocks on given name, surname, date of birth, postcode and address, soc_sec_id left out.
The score is log2 of the odds of a match by the fitted model.
"""

import argparse

import duckdb
import numpy as np

import measure
import records


def compare(connection, tables):
    import recordlinkage

    frames = [
        connection.execute(f"select * exclude (rec_id, source_name) from {table}").df().set_index("record")
        for table in tables
    ]
    index = recordlinkage.Index()
    for field in ("given_name", "surname", "date_of_birth", "postcode", "address_1"):
        index.block(field)
    pairs = index.index(*frames)
    comparison = recordlinkage.Compare()
    for field in ("given_name", "surname", "address_1", "suburb"):
        comparison.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    for field in ("street_number", "postcode", "state", "date_of_birth"):
        comparison.exact(field, field, label=field)
    return comparison.compute(pairs, *frames)


def main():
    parser = argparse.ArgumentParser(description="Link FEBRL 4 with recordlinkage's ECM classifier.")
    parser.add_argument("--data", required=True)
    parser.add_argument("--set", required=True, choices=("febrl4", "febrl4-half"), dest="name")
    parser.add_argument("--json", required=True)
    arguments = parser.parse_args()

    import recordlinkage

    clock = measure.Clock()
    connection = duckdb.connect()
    data = records.load(connection, arguments.name, arguments.data)
    clock.lap("read")
    vectors = compare(connection, data.tables)
    clock.lap("compare")
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(vectors)
    clock.lap("em")
    probability = classifier.prob(vectors).to_numpy()
    clock.lap("predict")
    cost = clock.cost()

    import quality

    probability = np.clip(probability, 1e-300, 1 - 1e-16)
    scored = quality.Scored(
        vectors.index.get_level_values(0).to_numpy(dtype=np.int64),
        vectors.index.get_level_values(1).to_numpy(dtype=np.int64),
        np.log2(probability / (1 - probability)),
    )
    result = {
        "set": arguments.name, "system": "recordlinkage", "variant": "ECM",
        "version": f"recordlinkage {recordlinkage.__version__}",
    }
    result |= quality.summary(scored, data.truth, data.two_sources, probabilities=True)
    measure.write(arguments.json, result | cost)


if __name__ == "__main__":
    main()
