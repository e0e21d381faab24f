"""Trains and runs one Splink model on one data set, and writes one JSON file.

    run_splink.py --data DIR --set NAME --variant docs|docs-ssid|tuned --json OUT [--pairs-out FILE]

The data of the large sets are generated folders: DIR is then that folder. The seconds are those
of training, predicting and clustering; reading the files is told apart, and evaluation
against the truth is not counted.
"""

import argparse
import logging

import duckdb
import numpy as np
import splink
from splink import DuckDBAPI, Linker, SettingsCreator

import measure
import records
from splink_models import MODELS

SEED = 42
# Several times what any model here needs; without it a bad plan could take the whole machine.
MEMORY_LIMIT = "6GB"


def run(connection, data, model, clock):
    """Trains, predicts and clusters at p >= 0.95; gives the scored pairs as a table."""
    api = DuckDBAPI(connection=connection)
    tables = []
    for table in data.tables:
        derived = "".join(f", {sql} as {name}" for name, sql in model.derived.items())
        relation = connection.sql(f"select * exclude (source_name){derived} from {table}")
        name = table.removeprefix("source_")
        tables.append(api.register(relation, dataset_display_name=f"from_{name}"))
    settings = SettingsCreator(
        link_type="link_only" if data.between_sources else "dedupe_only",
        unique_id_column_name="record",
        comparisons=model.comparisons,
        blocking_rules_to_generate_predictions=model.blocking,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(model.deterministic, recall=model.recall)
    clock.lap("prior")
    linker.training.estimate_u_using_random_sampling(max_pairs=model.u_pairs, seed=SEED)
    clock.lap("u")
    for rule in model.training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    clock.lap("em")
    predictions = linker.inference.predict()
    clock.lap("predict")
    linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=0.95)
    clock.lap("cluster")
    return predictions


def main():
    parser = argparse.ArgumentParser(description="Run one Splink model on one data set.")
    parser.add_argument("--data", required=True, help="the folder of the data")
    parser.add_argument("--set", required=True, choices=sorted(MODELS), dest="name")
    parser.add_argument("--variant", default="docs")
    parser.add_argument("--json", required=True, help="the file to write")
    parser.add_argument("--pairs-out", help="also write the scored pairs, in the form that referee.py reads")
    arguments = parser.parse_args()
    variants = MODELS[arguments.name]
    if arguments.variant not in variants:
        parser.error(f"{arguments.name} has the variants {', '.join(variants)}.")
    clock = measure.Clock()
    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    data = records.load(connection, arguments.name, arguments.data)
    clock.lap("read")
    model = variants[arguments.variant]()
    predictions = run(connection, data, model, clock)
    cost = clock.cost()

    import quality

    table = predictions.physical_name
    pairs = connection.execute(
        f"select record_l::bigint as l, record_r::bigint as r, match_weight::double as score from {table}"
    ).fetchnumpy()
    scored = quality.Scored(
        np.minimum(pairs["l"], pairs["r"]), np.maximum(pairs["l"], pairs["r"]), np.asarray(pairs["score"])
    )
    result = {
        "set": arguments.name, "system": "Splink", "variant": arguments.variant,
        "version": f"splink {splink.__version__}, duckdb {duckdb.__version__}",
    }
    result |= quality.summary(scored, data.truth, data.two_sources, probabilities=True)
    measure.write(arguments.json, result | cost)
    if arguments.pairs_out:
        records.write_pairs(connection, data, table, arguments.pairs_out)


if __name__ == "__main__":
    main()
