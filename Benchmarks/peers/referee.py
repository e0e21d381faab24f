"""Judges the scored pairs of any linker with the metrics used for the peers.

    referee.py --data DIR --set NAME --pairs FILE --system NAME --json OUT [--cost JSON] [--settings JSON]

FILE is CSV: source_l,id_l,source_r,id_r,weight; each compared pair once, the weight log2 of the
odds of a match. The sources are called as records.source_names has them (a and b; records; gp
and so on), the ids are those of the data's files. --cost: a JSON file from which seconds and
peak_rss_mb are taken over. --settings: one from which the variant, the dial and what attacks read
at it are: no F1 stands without them.
"""

import argparse
import json
from pathlib import Path

import duckdb

import measure
import quality
import records


def settings(run):
    """What the linker's own result says of the settings at which these pairs came about."""
    taken = {key: value for key, value in run.items() if key == "dial" or key.startswith("attack_")}
    return taken | {"variant": f"{run['variant']}, refereed" if run.get("variant") else "refereed"}


def judge(name, folder, pairs, system):
    connection = duckdb.connect()
    data = records.load(connection, name, folder)
    scored = quality.Scored(*records.read_pairs(connection, data, pairs))
    result = {"set": name, "system": system, "variant": "refereed", "version": ""}
    return result | quality.summary(scored, data.truth, data.two_sources, probabilities=True)


def main():
    parser = argparse.ArgumentParser(description="Judge the scored pairs of a linker.")
    parser.add_argument("--data", required=True)
    parser.add_argument("--set", required=True, dest="name")
    parser.add_argument("--pairs", required=True)
    parser.add_argument("--system", required=True)
    parser.add_argument("--json", required=True)
    parser.add_argument("--cost")
    parser.add_argument("--settings")
    arguments = parser.parse_args()
    result = judge(arguments.name, arguments.data, arguments.pairs, arguments.system)
    if arguments.cost:
        cost = json.loads(Path(arguments.cost).read_text(encoding="utf-8"))
        result |= {key: cost[key] for key in ("seconds", "processor_seconds", "peak_rss_mb") if key in cost}
        result["version"] = cost.get("version", "")
    if arguments.settings:
        result |= settings(json.loads(Path(arguments.settings).read_text(encoding="utf-8")))
    measure.write(arguments.json, result)


if __name__ == "__main__":
    main()
