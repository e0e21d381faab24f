#!/usr/bin/env bash
# Fits and evaluates the published data sets with Stile and with R, and prints one table: for each
# data set and quantity the largest difference from the reference, stored or computed here by
# glm, pROC, rms, brglm2, glmnet and sandwich. Ends with 1 where one does not agree.
#
#   Scripts/oracles.sh [--only GROUP] DATA
#
# DATA holds classics/, calibration/, diabetes130/, oulad/ and mvad/ with their reference values.
# R and its packages are installed with apt-get where they are missing; the scorers of PMML lie in a
# Python environment, Benchmarks/.venv/pmml, one of them on a Java runtime (JAVA_HOME or java on the
# path). --only keeps one group of rows: likelihood, separated, penalties, crossvalidation,
# evaluation, delong, benefit, clusters, scoring, planted, pmml.
set -euo pipefail
export LC_ALL=C

usage() { echo "Usage: Scripts/oracles.sh [--only GROUP] DATA" >&2; exit 2; }

only=()
data=
while [ $# -gt 0 ]; do
    case $1 in
        --only) [ $# -ge 2 ] || usage; only=(--only "$2"); shift ;;
        -*) usage ;;
        *) [ -z "$data" ] || usage; data=$1 ;;
    esac
    shift
done
for part in classics/reference.json calibration diabetes130 oulad mvad; do
    if [ -z "$data" ] || [ ! -e "$data/$part" ]; then
        echo "Name the folder in which classics/, calibration/, diabetes130/, oulad/ and mvad/ lie: make oracles DATA=folder." >&2
        exit 2
    fi
done
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/.."
results=Benchmarks/.cache/oracles

# MARK: What is needed

packages=(pROC rms brglm2 glmnet sandwich)
missing() {
    if ! command -v Rscript >/dev/null 2>&1; then
        printf '%s\n' "${packages[@]}"
        return
    fi
    Rscript -e 'wanted <- commandArgs(TRUE)
        for (name in wanted) if (!requireNamespace(name, quietly = TRUE)) cat(name, "\n", sep = "")' \
        "${packages[@]}" 2>/dev/null
}
lacking=$(missing)
if [ -n "$lacking" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "make oracles needs R with ${packages[*]}; missing: ${lacking//$'\n'/, }. Install them and run again." >&2
        exit 2
    fi
    debian=(r-base-core)
    for name in $lacking; do debian+=("r-cran-$(tr '[:upper:]' '[:lower:]' <<<"$name")"); done
    elevate=()
    [ "$(id -u)" = 0 ] || elevate=(sudo)
    echo "Installing ${debian[*]}…" >&2
    ${elevate[@]+"${elevate[@]}"} apt-get update -qq >&2
    ${elevate[@]+"${elevate[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${debian[@]}" >&2
fi

# MARK: Run

echo "Building stile-oracles…" >&2
swift build --package-path Benchmarks -c release --product stile-oracles >&2
program=$(swift build --package-path Benchmarks -c release --show-bin-path)/stile-oracles
mkdir -p "$results"
rm -f "$results"/r.tsv*
Rscript --vanilla Benchmarks/peers/oracles.R "$data" "$results/r.tsv" >&2 || {
    echo "R stopped before its end; what it had not computed stands in the table as not agreeing." >&2
    touch "$results/r.tsv"
}

# MARK: PMML by other scorers

python=${PYTHON:-python3}
environment=Benchmarks/.venv/pmml
pmml() {
    local stamp set
    stamp=$(cksum <Benchmarks/peers/requirements-pmml.txt)
    if [ "$(cat "$environment/made-from" 2>/dev/null || true)" != "$stamp" ]; then
        echo "Making the environment pmml…" >&2
        rm -rf "$environment"
        "$python" -m venv "$environment" || return
        "$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
            -r Benchmarks/peers/requirements-pmml.txt >&2 || return
        echo "$stamp" >"$environment/made-from"
    fi
    rm -rf "$results/folders"
    "$program" --data "$data" --r "$results/r.tsv" --folders "$results/folders" || return
    for set in "$results/folders"/*/; do
        "$environment/bin/python" Benchmarks/peers/check_pmml.py \
            --figures "$results/r.tsv" --name "$(basename "$set")" "$set" >&2 || true
    done
}
if [[ pmml == *"${only[1]-}"* ]]; then
    pmml || echo "PMML was not scored by others; the table says so." >&2
fi
status=0
"$program" --data "$data" --r "$results/r.tsv" ${only[@]+"${only[@]}"} || status=$?
if [ -f "$results/r.tsv.versions" ]; then echo "Beside $(cat "$results/r.tsv.versions")."; fi
exit "$status"
