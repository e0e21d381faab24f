"""Prints what was measured as one markdown table for each part, and whether each target is met.

    fit_table.py RESULTS

RESULTS has a folder for each part: of dense, sparse and stream with JSON files, in the order of
their names, those of Stile with a `system` that begins with "Stile", and with `design`, which names
the folder of the data; of score with `table.md` of stile-bench. Ends with 1 where a target is not
met, or a part that has one left no figure.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

# The largest scaled gradient at which an answer counts as the same optimum.
SAME_OPTIMUM = 1e-4
# The same design twice: as it is, and with 1 added, so that nothing is zero.
SPARSE, SHIFTED = "Stile, mostly zeros", "Stile, 1 added"


def judged(result, design_of, measure):
    """A result with its scaled gradient on its own data, by one function for all."""
    if result.get("coefficients") is None:
        return result
    return result | {"gradient": measure(design_of(result.get("data")), result["intercept"], result["coefficients"])}


def difference(result, stile):
    if result.get("coefficients") is None or stile is None:
        return None
    pairs = list(zip(result["coefficients"], stile["coefficients"]))
    if result.get("data") is None or result["data"] == stile.get("data"):
        # Where 1 was added to the columns the intercept is another.
        pairs.append((result["intercept"], stile["intercept"]))
    return max(abs(one - other) for one, other in pairs)


def median(result):
    return statistics.median(result["seconds"]) if result and result.get("seconds") else None


def seconds(result):
    values = result.get("seconds")
    if not values:
        return "–"
    return f"{min(values):.3g}, {statistics.median(values):.3g}, {max(values):.3g}"


def ratio(one, other, form="{:.2f} ×"):
    return form.format(one / other) if one is not None and other else "–"


def exponent(value):
    return "–" if value is None else f"{value:.1e}"


def gradient(result):
    value = result.get("gradient")
    if value is None:
        return "–"
    return exponent(value) + ("" if value <= SAME_OPTIMUM else " (not there)")


def steps(result):
    """Iterations, and how many of them worked out the information where that is not all."""
    iterations, informations = result.get("iterations", "–"), result.get("informations")
    return str(iterations) if informations in (None, iterations) else f"{iterations} ({informations})"


def is_stile(result):
    return result["system"].startswith("Stile")


def is_alone(result):
    return result["system"].startswith("dsyrk alone")


def fastest(results):
    """Stile's result, whatever its threads, whose median is the shortest."""
    return min((one for one in results if is_stile(one) and median(one) is not None), key=median, default=None)


HEADER = ("system", "threads", "seconds: min, median, max", "to Stile", "peak MB", "to the matrix", "iterations",
          "scaled gradient", "coefficients differ by")


def table(results, matrix_mb):
    stile = fastest(results)
    lines = ["| " + " | ".join(HEADER) + " |", "|" + " --- |" * len(HEADER)]
    for result in results:
        peak = result.get("peak_rss_mb")
        cells = [
            result["system"], str(result.get("threads", "–")), seconds(result), ratio(median(result), median(stile)),
            "–" if peak is None else f"{peak:,.0f}", ratio(peak, matrix_mb), steps(result),
            gradient(result), exponent(difference(result, stile)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def verdict(results, matrix_mb):
    """What was asked of the fit, in sentences; a peer that is not at the optimum does not count."""
    stile = fastest(results)
    if median(stile) is None:
        return ["Stile has no result."]
    lines = []
    peers = [one for one in results if not is_stile(one) and not is_alone(one) and median(one) is not None
             and one.get("gradient", float("inf")) <= SAME_OPTIMUM]
    if peers:
        best = min(peers, key=median)
        lines.append(f"The fastest peer at the same optimum is {best['system']}: "
                     f"{median(best) / median(stile):.2f} × Stile's time (median).")
    shifted = [one for one in results if one["system"] == SHIFTED and median(one) is not None]
    for one in results:
        if one["system"] == SPARSE and median(one) is not None:
            lines += [f"Columns that are mostly zero, {one['threads']} thread{'s' if one['threads'] != 1 else ''}: "
                      f"{median(other) / median(one):.1f} × as fast as the same columns with 1 added."
                      for other in shifted if other["threads"] == one["threads"]]
    for one in (one for one in results if is_stile(one) and median(one) is not None):
        who = f"{one['system']} with {one['threads']} thread{'s' if one['threads'] != 1 else ''}"
        for other in results:
            if is_alone(other) and other.get("threads") == one.get("threads") and median(other) is not None:
                product = median(other) / other["iterations"]
                lines.append(
                    f"{who}: {median(one) / median(other):.2f} × the time of {other['system']} for {other['iterations']} "
                    f"products, {median(one) / product:.1f} × that of one.")
        if one.get("peak_rss_mb"):
            lines.append(f"{who}: the peak of memory is {one['peak_rss_mb']:,.0f} MB, "
                         f"{one['peak_rss_mb'] / matrix_mb:.2f} × the matrix.")
    lines += [f"{one['system']} {one['failed']}; runs that it had finished count." for one in results if one.get("failed")]
    return lines


# MARK: Targets

# What each part's targets are stated for: rows and columns. A smaller design is not judged.
SIZES = {"dense": (1_000_000, 100), "sparse": (1_000_000, 100), "stream": (10_000_000, 50)}


def target(what, found, bound, at_least=False, form="{:.2f} ×"):
    """What is asked, what was found, and whether it is met: None where there is no figure."""
    sign = "≥" if at_least else "≤"
    met = None if found is None else found >= bound if at_least else found <= bound
    return {"what": what, "asked": f"{sign} {form.format(bound)}", "met": met,
            "found": "–" if found is None else form.format(found)}


def at_optimum(result):
    return median(result) is not None and result.get("gradient", float("inf")) <= SAME_OPTIMUM


def quickest(results):
    return min((median(one) for one in results if median(one) is not None), default=None)


def divided(one, other):
    return one / other if one is not None and other else None


def dense_targets(results, matrix_mb):
    """Of the fit in memory. Without a peer that was asked for there is no figure, and so no yes."""
    ours = quickest(one for one in results if is_stile(one) and at_optimum(one))
    others = [one for one in results if not is_stile(one) and not is_alone(one)]
    alone = [one for one in results if is_alone(one)]
    rows = []
    if others:
        rows.append(target("the fastest peer at the same optimum, to Stile at its fastest",
                           divided(quickest(one for one in others if at_optimum(one)), ours), 2, at_least=True))
    if alone:
        rows.append(target("Stile at its fastest, to dsyrk alone at its fastest, of any library and threads",
                           divided(ours, quickest(alone)), 1.5))
        # Not what the target says, but what somebody with one core would see.
        one_thread = [one for one in results if one.get("threads") == 1]
        beside = target("beside it: Stile with one thread, to dsyrk alone with one",
                        divided(quickest(one for one in one_thread if is_stile(one) and at_optimum(one)),
                                quickest(one for one in one_thread if is_alone(one))), 1.5)
        rows.append(beside | {"counts": False})
    peaks = [one.get("peak_rss_mb") for one in results if is_stile(one)]
    most = max(peaks) / matrix_mb if peaks and None not in peaks else None
    return rows + [target("the peak of memory, to the matrix", most, 1.2)]


def sparse_targets(results):
    def of(system):
        return {one["threads"]: median(one) for one in results if one["system"] == system and at_optimum(one)}

    sparse, shifted = of(SPARSE), of(SHIFTED)
    ratios = [divided(shifted.get(threads), value) for threads, value in sparse.items()]
    least = min(ratios) if ratios and None not in ratios else None
    return [target("the dense time of the same columns with 1 added, to that of mostly zeros, for any threads",
                   least, 5, at_least=True, form="{:.1f} ×")]


def stream_targets(results):
    streamed = [one for one in results if one["system"].startswith("Stile, from the file")]
    peaks = [one.get("peak_rss_mb") if median(one) is not None else None for one in streamed]
    most = max(peaks) if peaks and None not in peaks else None
    return [target("the peak of memory of a fit from the file", most, 2_000, form="{:,.0f} MB")]


def scoring(text):
    """Minimum, median and maximum of the seconds in a table of stile-bench; None without."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith("reasons:") and cells[1] == "s":
            return [float(cell.replace(",", "")) for cell in cells[2:]]
    return None


def score_targets(found):
    return [target("scoring with reasons, median", found[1] if found else None, 2, form="{:.2f} s")]


def judge(part, size, targets):
    """Each target with its part, and not judged where the design is not of the size it is stated for."""
    is_smaller = size is not None and part in SIZES and size != SIZES[part]
    return [{"counts": True} | one | {"part": part, "judged": not is_smaller} for one in targets]


def word(one):
    if not one["judged"]:
        return "another size"
    return {True: "yes", False: "no", None: "no figure"}[one["met"]]


def target_table(judged):
    lines = ["| part | target | asked | found | met |", "|" + " --- |" * 5]
    lines += [f"| {one['part']} | {one['what']} | {one['asked']} | {one['found']} | {word(one)} |" for one in judged]
    return "\n".join(lines)


def status(judged):
    """1 where a target that counts and was judged is not met; the sentence says which."""
    counting = [one for one in judged if one["judged"] and one["counts"]]
    missed = [one for one in counting if not one["met"]]
    if not counting:
        return 0, "No target was judged: nothing of the size that it is stated for was measured."
    if missed:
        return 1, "Not met: " + "; ".join(f"{one['part']}: {one['what']}" for one in missed) + "."
    return 0, f"Every target that was measured is met ({len(counting)})."


# MARK: The whole


def fits(part, folder):
    """Prints a part that fits; gives its targets."""
    from fit_design import Design, scaled_gradient

    data = (folder / "design").read_text(encoding="utf-8").strip()
    design = Design(data)
    results = [
        judged(json.loads(path.read_text(encoding="utf-8")), lambda other: Design(other or data), scaled_gradient)
        for path in sorted(folder.glob("*.json"))
    ]
    print(f"{part}: {design.rows:,} rows × {design.columns} columns of doubles, {design.megabytes:,.0f} MB; "
          f"{int(design.outcomes().sum()):,} rows have the event.\n")
    print(table(results, design.megabytes))
    print()
    for line in verdict(results, design.megabytes):
        print(line)
    versions = sorted({result["version"] for result in results if result.get("version")})
    print("Versions: " + "; ".join(versions) + ".\n")
    targets = {"dense": lambda: dense_targets(results, design.megabytes), "sparse": lambda: sparse_targets(results),
               "stream": lambda: stream_targets(results)}[part]()
    return judge(part, (design.rows, design.columns), targets)


def scores(folder):
    path = folder / "table.md"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    print("score:\n\n" + (text.strip() or "no result") + "\n")
    share = (folder / "design").read_text(encoding="utf-8").strip()
    return [one | {"judged": share == "1"} for one in judge("score", None, score_targets(scoring(text)))]


def main():
    parser = argparse.ArgumentParser(description="Print what was measured, and whether each target is met.")
    parser.add_argument("results", type=Path)
    root = parser.parse_args().results
    found = []
    for part in ("dense", "sparse", "stream", "score"):
        if (root / part).is_dir():
            found += scores(root / part) if part == "score" else fits(part, root / part)
    print(target_table(found) + "\n")
    code, sentence = status(found)
    print(sentence)
    return code


if __name__ == "__main__":
    sys.exit(main())
