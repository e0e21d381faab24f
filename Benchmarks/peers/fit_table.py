"""Prints the fits of a run as one markdown table, and what the fastest of them say.

    fit_table.py RESULTS --data DIR

RESULTS is a folder of JSON files, in the order of their names; those of Stile have a `system`
that begins with "Stile".
"""

import argparse
import json
import statistics
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


def main():
    from fit_design import Design, scaled_gradient

    parser = argparse.ArgumentParser(description="Print the fits of a run as one markdown table.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--data", required=True)
    arguments = parser.parse_args()
    design = Design(arguments.data)
    results = [
        judged(json.loads(path.read_text(encoding="utf-8")), lambda data: Design(data or arguments.data), scaled_gradient)
        for path in sorted(arguments.results.glob("*.json"))
    ]
    print(f"{design.rows:,} rows × {design.columns} columns of doubles: the matrix takes {design.megabytes:,.0f} MB; "
          f"{int(design.outcomes().sum()):,} rows have the event.\n")
    print(table(results, design.megabytes))
    print()
    for line in verdict(results, design.megabytes):
        print(line)
    versions = sorted({result["version"] for result in results if result.get("version")})
    print("Versions: " + "; ".join(versions) + ".")


if __name__ == "__main__":
    main()
