#!/usr/bin/env bash
# Fits one data set, made with a fixed seed, by Stile and by its peers, one after the other on this
# machine, and prints one table: seconds, peak memory, how far each answer is from the optimum and
# from Stile's. Benchmarks/peers/README.md says what is measured and how. The virtual environment
# lies in Benchmarks/.venv, data and results in Benchmarks/.cache; git ignores both.
#
#   Scripts/bench-fit.sh [--quick] [--rows N] [--columns N] [--runs N] [--limit SECONDS] [--only NAME]...
#   Scripts/bench-fit.sh --stream|--sparse [--quick] [--rows N] [--columns N] [--runs N] [--limit SECONDS]
#
# 1,000,000 × 100; --quick: 100,000 × 50. --stream: Stile alone on 10,000,000 × 50 that stay in their
# file (4 GB of disk), with its peak of memory. --sparse: Stile alone on counts that are mostly zero,
# beside the same columns with 1 added. --only: stile, newton-cholesky, lbfgs, statsmodels, glm,
# glmnet, dsyrk. A peer that fails or is not done within the limit is told with its reason. PYTHON
# names the interpreter (3.11 or later).
set -euo pipefail
export LC_ALL=C

usage() { sed -n '/^#   Scripts/s/^#   /Usage: /p' "$0" >&2; exit 2; }

rows=
columns=
quick=
stream=
sparse=
runs=3
limit=900
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes; shift; continue ;;
        --stream) stream=yes; shift; continue ;;
        --sparse) sparse=yes; shift; continue ;;
        --rows | --columns | --runs | --limit | --only) [ $# -ge 2 ] || usage ;;
        *) usage ;;
    esac
    case $1 in
        --rows) rows=$2 ;;
        --columns) columns=$2 ;;
        --runs) runs=$2 ;;
        --limit) limit=$2 ;;
        --only) chosen+=("$2") ;;
    esac
    shift 2
done
if [ -n "$quick" ]; then size=(100000 50); elif [ -n "$stream" ]; then size=(10000000 50); else size=(1000000 100); fi
rows=${rows:-${size[0]}}
columns=${columns:-${size[1]}}
for number in "$rows" "$columns" "$runs" "$limit"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || usage
done
cd "$(dirname "$0")/.."
peers=Benchmarks/peers
environment=Benchmarks/.venv/fit
cache=Benchmarks/.cache
results=$cache/fit-results
python=${PYTHON:-python3}

# wanted NAME: whether it is to be measured.
wanted() {
    [ -z "$stream$sparse" ] || return 1
    [ "${#chosen[@]}" -gt 0 ] || return 0
    local one
    for one in "${chosen[@]}"; do [ "$one" != "$1" ] || return 0; done
    return 1
}

# MARK: What is needed

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "The peers need Python 3.11 or later with venv: install it, or name it with PYTHON=." >&2
    exit 2
}
stamp=$(cksum <"$peers/requirements-fit.txt")
if [ "$(cat "$environment/made-from" 2>/dev/null || true)" != "$stamp" ]; then
    echo "Making the environment fit…" >&2
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$peers/requirements-fit.txt" >&2
    echo "$stamp" >"$environment/made-from"
fi
python=$environment/bin/python

# R is installed where apt-get can; without it the table goes on.
if { wanted glm || wanted glmnet; } && ! Rscript -e 'library(glmnet)' >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1; then
        elevate=()
        [ "$(id -u)" = 0 ] || elevate=(sudo)
        echo "Installing r-base-core r-cran-glmnet…" >&2
        { ${elevate[@]+"${elevate[@]}"} apt-get update -qq && ${elevate[@]+"${elevate[@]}"} env \
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            r-base-core r-cran-glmnet; } >&2 || echo "R could not be installed." >&2
    fi
fi

echo "Building stile-bench-fit…" >&2
swift build --package-path Benchmarks -c release --product stile-bench-fit >&2
stile=$(swift build --package-path Benchmarks -c release --show-bin-path)/stile-bench-fit

# MARK: Data

digest=$(cat Benchmarks/Sources/stile-bench-fit/MadeDesign.swift Sources/PipelineModel/SeededGenerator.swift | cksum)

# make_data kind: the folder of the design, made anew when what makes it has changed.
make_data() {
    local folder=$cache/fit-$1-${rows}x$columns
    if [ "$(cat "$folder/made-from" 2>/dev/null || true)" != "$digest" ]; then
        echo "Making $rows × $columns ($1)…" >&2
        rm -rf "$folder"
        "$stile" make --rows "$rows" --columns "$columns" --seed 20260101 --kind "$1" --to "$folder"
        echo "$digest" >"$folder/made-from"
    fi
    echo "$folder"
}
if [ -n "$sparse" ]; then
    data=$(make_data sparse)
    shifted=$(make_data shifted)
else
    data=$(make_data mixed)
fi

# MARK: Runs

rm -rf "$results"
mkdir -p "$results"
cores=$("$python" -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())')
all=(1)
[ "$cores" -eq 1 ] || all+=("$cores")

# run file system threads command…: each in a process of its own, with the library held to the threads.
run() {
    local file=$1 system=$2 threads=$3
    shift 3
    echo "$system, $threads thread(s)…" >&2
    OPENBLAS_NUM_THREADS=$threads OMP_NUM_THREADS=$threads "$python" "$peers/run_limited.py" \
        --seconds "$limit" --json "$results/$file.json" --system "$system" -- "$@"
}

# stile_fit file system threads data option…
stile_fit() {
    local file=$1 system=$2 threads=$3 folder=$4
    shift 4
    run "$file" "$system" "$threads" "$stile" fit --data "$folder" --threads "$threads" --runs "$runs" \
        --system "$system" --json "$results/$file.json" "$@"
}

for threads in "${all[@]}"; do
    if [ -n "$sparse" ]; then
        stile_fit "1-sparse-$threads" "Stile, mostly zeros" "$threads" "$data" --sparse yes
        stile_fit "1-shifted-$threads" "Stile, 1 added" "$threads" "$shifted"
        continue
    fi
    # Beside the file, the same data in memory, where that is not what --stream is to avoid.
    [ -n "$stream" ] && [ -z "$quick" ] || stile_fit "1-stile-$threads" Stile "$threads" "$data"
    [ -z "$stream" ] || stile_fit "1-stile-file-$threads" "Stile, from the file" "$threads" "$data" --stream yes
done
# As many products as the fit took steps.
iterations=6
if wanted dsyrk; then
    iterations=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1])).get("iterations", 6))' "$results/1-stile-1.json")
fi
for threads in "${all[@]}"; do
    wanted dsyrk || continue
    for peer in dsyrk scipy-dsyrk; do
        file=2-$peer-$threads
        run "$file" "dsyrk alone ($peer)" "$threads" "$python" "$peers/fit_peer.py" "$peer" \
            --data "$data" --runs "$runs" --iterations "$iterations" --json "$results/$file.json"
    done
done
for peer in newton-cholesky lbfgs statsmodels; do
    wanted "$peer" || continue
    file=3-$peer
    run "$file" "$peer" "$cores" "$python" "$peers/fit_peer.py" "$peer" \
        --data "$data" --runs "$runs" --json "$results/$file.json"
done
for peer in glm glmnet; do
    wanted "$peer" || continue
    file=4-$peer
    run "$file" "R $peer" "$cores" \
        Rscript --vanilla "$peers/fit_peer.R" "$peer" "$data" "$runs" "$results/$file.json"
done

"$python" "$peers/fit_table.py" "$results" --data "$data"
