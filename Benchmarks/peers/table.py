"""Prints the results of a run as one markdown table.

    table.py RESULTS [--expect SET …]

RESULTS is a folder of JSON files as README.md describes them. A set of --expect for which
RESULTS has no result of Stile gets a row that says so.
"""

import argparse
import json
from pathlib import Path

ORDER = (
    "febrl4", "febrl4-half", "febrl1", "febrl2", "febrl3", "fake_1000", "historical_50k",
    "county200k", "children500k",
)
SYSTEMS = ("Stile", "Splink", "recordlinkage", "anonlink")


def number(result, key, places=4):
    value = result.get(key)
    return "–" if value is None else f"{value:.{places}f}"


def rates(result, prefix):
    """F1 with precision and recall in brackets."""
    if result.get(f"{prefix}_f1") is None:
        return "–"
    return f"{result[f'{prefix}_f1']:.4f} ({result[f'{prefix}_precision']:.3f}, {result[f'{prefix}_recall']:.3f})"


def at(result, prefix):
    if result.get(f"{prefix}_precision") is None:
        return "–"
    return f"{result[f'{prefix}_precision']:.4f}, {result[f'{prefix}_recall']:.4f}"


def chosen(result):
    """What a user gets at the threshold that the estimate chose, and what it expected there."""
    if result.get("chosen_precision") is None:
        return "–"
    return (
        f"{result['chosen_precision']:.4f}, {result['chosen_recall']:.4f} "
        f"({result['chosen_expected_precision']:.3f}, {result['chosen_expected_recall']:.3f})"
    )


def twins(result):
    """The share of twin pairs with a false link: of one-to-one links or of clusters."""
    value = result.get("one_to_one_twins_linked", result.get("cluster_twins_linked"))
    return "–" if value is None else f"{100 * value:.1f} %"


def cost(result, key, unit):
    value = result.get(key)
    return "–" if value is None else f"{value:,.1f} {unit}" if unit == "s" else f"{value:,.0f} {unit}"


COLUMNS = (
    ("set", lambda r: r["set"]),
    ("system", lambda r: " ".join(part for part in (r["system"], r.get("variant") or "") if part)),
    ("pairs: best F1 (P, R)", lambda r: rates(r, "pair")),
    ("one-to-one: best F1 (P, R)", lambda r: rates(r, "one_to_one")),
    ("clusters: best F1 (P, R)", lambda r: rates(r, "cluster")),
    ("compared", lambda r: number(r, "compared_true_share")),
    ("p ≥ 0.95: P, R", lambda r: at(r, "p95")),
    ("p ≥ 0.5: P, R", lambda r: at(r, "p50")),
    ("own threshold: P, R (expected)", chosen),
    ("twins linked", twins),
    ("wall", lambda r: cost(r, "seconds", "s")),
    ("processor", lambda r: cost(r, "processor_seconds", "s")),
    ("peak", lambda r: cost(r, "peak_rss_mb", "MB")),
)


def place(result):
    name, system = result["set"], result["system"]
    return (
        ORDER.index(name) if name in ORDER else len(ORDER), name,
        SYSTEMS.index(system) if system in SYSTEMS else len(SYSTEMS), system, result.get("variant") or "",
    )


def table(results):
    lines = ["| " + " | ".join(name for name, _ in COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    for result in sorted(results, key=place):
        if result.get("missing"):
            cells = [result["set"], result["system"], result["missing"]] + [""] * (len(COLUMNS) - 3)
        else:
            cells = [cell(result) for _, cell in COLUMNS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def by_group(results):
    """Precision and recall of a linker's own people by a property of the records."""
    lines = ["| set | system | group | records | precision | recall |", "| --- | --- | --- | --- | --- | --- |"]
    for result in sorted(results, key=place):
        system = COLUMNS[1][1](result)
        for row in result.get("chosen_by_group", ()):
            lines.append(
                f"| {result['set']} | {system} | {row['attribute']} {row['value']} | {row['records']:,} "
                f"| {row['precision']:.4f} | {row['recall']:.4f} |")
    return "\n".join(lines) if len(lines) > 2 else ""


def main():
    parser = argparse.ArgumentParser(description="Print the results of a run as one markdown table.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--expect", nargs="*", default=[], metavar="SET")
    arguments = parser.parse_args()
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(arguments.results.glob("*.json"))]
    known = {(result["set"], result["system"]) for result in results}
    for name in arguments.expect:
        for system in ("Stile", "Splink"):
            if (name, system) not in known:
                results.append({"set": name, "system": system, "missing": "no result"})
    print(table(results))
    groups = by_group(results)
    if groups:
        print("\nBy group, at the linker's own threshold:\n\n" + groups)
    versions = sorted({result["version"] for result in results if result.get("version")})
    if versions:
        print("\nVersions: " + "; ".join(versions) + ".")


if __name__ == "__main__":
    main()
