"""Prints the results of a run: rates of all linkers, rates by group, and what linking alone takes.

    table.py RESULTS [--expect SET …]

RESULTS is a folder of JSON files as README.md describes them. A set of --expect for which
RESULTS has no result of Stile gets a row that says so.
"""

import argparse
import json
from pathlib import Path

ORDER = (
    "febrl4", "febrl4-half", "febrl1", "febrl2", "febrl3", "fake_1000", "historical_50k",
    "county200k", "children100k", "children500k",
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


def within(result, rate):
    """Whether precision or recall lies in the range that the weights alone expect; None where none is told."""
    low = result.get(f"chosen_expected_{rate}_low")
    return None if low is None else low <= result[f"chosen_{rate}"] <= result[f"chosen_expected_{rate}_high"]


def chosen(result, rate):
    """What a user gets at the threshold that the estimate chose, and what it expected there."""
    if result.get(f"chosen_{rate}") is None:
        return "–"
    expected = f"{result[f'chosen_expected_{rate}']:.3f}"
    holds = within(result, rate)
    if holds is not None:
        low, high = (result[f"chosen_expected_{rate}_{end}"] for end in ("low", "high"))
        expected += f"; {low:.3f}–{high:.3f}: {'in' if holds else 'out'}"
    return f"{result[f'chosen_{rate}']:.4f} ({expected})"


def dial(result):
    return f"`{result['dial']}`" if result.get("dial") else "–"


def attack(result, names):
    """The worst share of names read at the first guess, and what a guess without looking reads."""
    first, blind = (result.get(f"attack_{names}_{what}") for what in ("first", "blind"))
    if first is not None:
        return f"{100 * first:.2f} % ({100 * blind:.2f} %)"
    # A linker of names in the clear has nothing to attack; encodings that nobody attacked are another matter.
    return "not attacked" if result.get("dial") and result.get("variant") != "in the clear" else "–"


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
    ("dial", dial),
    ("a name read (blind)", lambda r: attack(r, "single")),
    ("a whole name read (blind)", lambda r: attack(r, "whole")),
    ("pairs: best F1 (P, R)", lambda r: rates(r, "pair")),
    ("one-to-one: best F1 (P, R)", lambda r: rates(r, "one_to_one")),
    ("clusters: best F1 (P, R)", lambda r: rates(r, "cluster")),
    ("compared", lambda r: number(r, "compared_true_share")),
    ("p ≥ 0.95: P, R", lambda r: at(r, "p95")),
    ("p ≥ 0.5: P, R", lambda r: at(r, "p50")),
    ("own threshold: P (expected; range)", lambda r: chosen(r, "precision")),
    ("own threshold: R (expected; range)", lambda r: chosen(r, "recall")),
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


def is_plain(linking):
    """Whether a run of the linker alone is at the settings that the rates are measured at."""
    return not linking.get("as_night") and linking.get("candidates_per_record") is None


def with_linking_cost(results, linkings):
    """Stile's results with the cost of the linker alone, where it was measured by itself at the same settings."""
    costs = {linking["set"]: linking["runs"][0] for linking in linkings if is_plain(linking) and linking["runs"]}
    return [
        result | {key: costs[result["set"]][key] for key in ("seconds", "processor_seconds", "peak_rss_mb")}
        if result["system"] == "Stile" and result.get("variant") == "default dial" and result["set"] in costs
        else result
        for result in results
    ]


def linking_table(results, linkings):
    """What the linker alone takes, run by run, and the peers' runs on the same sets."""
    if not linkings:
        return ""
    lines = ["| set | system | run | new records | pairs | wall | processor | peak |", "|" + " --- |" * 8]

    def line(name, system, run, versions, pairs, costs):
        cells = [name, system, run, f"{versions:,}", f"{pairs:,}" if pairs is not None else "–", *costs]
        lines.append("| " + " | ".join(cells) + " |")

    def costs(run, prefix=""):
        keys = (("seconds", "s"), ("processor_seconds", "s"), ("peak_rss_mb", "MB"))
        return [cost(run, prefix + key, unit) for key, unit in keys]

    for linking in sorted(linkings, key=lambda one: (place(one), not is_plain(one), one.get("candidates_per_record") or 0)):
        number = linking.get("candidates_per_record")
        name = f", {number:g} candidates a record" if number is not None else ""
        name += ", with the report's detail" if linking.get("as_night") else ""
        for run in linking["runs"]:
            versions, pairs = run["new_versions"], run["candidate_pairs"]
            line(linking["set"], linking["system"], run["name"] + name, versions, pairs, costs(run))
            if "night_seconds" in run:
                line(linking["set"], linking["system"], f"{run['name']}, as a night with its files", versions, pairs,
                     costs(run, "night_"))
    for result in sorted(results, key=place):
        if result["set"] in {linking["set"] for linking in linkings} and result["system"] != "Stile" and "seconds" in result:
            line(result["set"], result["system"], result.get("variant") or "", result.get("records", 0),
                 result.get("compared_pairs"), costs(result))
    return "\n".join(lines)


def read(folder):
    """The results of a folder, and apart from them the runs of the linker alone."""
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
    linkings = [result for result in results if result.get("kind") == "linking"]
    return [result for result in results if result.get("kind") != "linking"], linkings


def main():
    parser = argparse.ArgumentParser(description="Print the results of a run as markdown tables.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--expect", nargs="*", default=[], metavar="SET")
    arguments = parser.parse_args()
    results, linkings = read(arguments.results)
    known = {(result["set"], result["system"]) for result in results}
    for name in arguments.expect:
        for system in ("Stile", "Splink"):
            if (name, system) not in known:
                results.append({"set": name, "system": system, "missing": "no result"})
    print(table(with_linking_cost(results, linkings)))
    groups = by_group(results)
    if groups:
        print("\nBy group, at the linker's own threshold:\n\n" + groups)
    linking = linking_table(results, linkings)
    if linking:
        print("\nThe linker alone, from encodings that another process wrote; the peers as above:\n\n" + linking)
    versions = sorted({result["version"] for result in results if result.get("version")})
    if versions:
        print("\nVersions: " + "; ".join(versions) + ".")


if __name__ == "__main__":
    main()
