#!/usr/bin/env bash
# Measures all that is asked of the fit's speed, one after the other on this machine, and prints a table
# for each part and one of the targets, with whether each is met; the status is 1 where one is not.
# Benchmarks/README.md says what is measured and how. The virtual environment lies in
# Benchmarks/.venv, data (7 GB) and results in Benchmarks/.cache; git ignores both.
#
#   Scripts/bench-fit.sh [--quick] [--only PART-OR-NAME]... [--rows N] [--columns N] [--runs N] [--limit SECONDS]
#
# Parts: dense, Stile beside its peers on 1,000,000 × 100, with seconds, peak memory, and how far each
# answer is from the optimum and from Stile's; sparse, Stile alone on 1,000,000 × 100 counts that are
# mostly zero, beside the same columns with 1 added; stream, Stile alone on 10,000,000 × 50 that stay
# in their file; score, 1,000,000 people × 150 features with reasons. --only takes parts, or systems
# of dense: stile, newton-cholesky, lbfgs, statsmodels, glm, glmnet, dsyrk. --quick: 100,000 × 50 and
# a tenth of the people, for which no target is judged. A peer that fails or is not done within the
# limit is told with its reason. PYTHON names the interpreter (3.11 or later).
set -euo pipefail
export LC_ALL=C

usage() { sed -n '/^#   Scripts/s/^#   /Usage: /p' "$0" >&2; exit 2; }

rows=
columns=
quick=
runs=3
limit=900
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes; shift; continue ;;
        --rows | --columns | --runs | --limit | --only) [ $# -ge 2 ] || usage ;;
        *) usage ;;
    esac
    case $1 in
        --rows) rows=$2 ;;
        --columns) columns=$2 ;;
        --runs) runs=$2 ;;
        --limit) limit=$2 ;;
        --only)
            # Several may be named at once, as by make bench-fit ONLY="sparse score".
            for one in $2; do
                case $one in
                    dense | sparse | stream | score) ;;
                    stile | newton-cholesky | lbfgs | statsmodels | glm | glmnet | dsyrk) ;;
                    *) echo "“$one” is no part and no system." >&2; usage ;;
                esac
                chosen+=("$one")
            done ;;
    esac
    shift 2
done
for number in "${rows:-1}" "${columns:-1}" "$runs" "$limit"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || usage
done
cd "$(dirname "$0")/.."
peers=Benchmarks/peers
environment=Benchmarks/.venv/fit
cache=Benchmarks/.cache
results=$cache/fit-results
python=${PYTHON:-python3}

# named NAME...: whether one of these was named by --only.
named() {
    local one other
    for one in ${chosen[@]+"${chosen[@]}"}; do
        for other in "$@"; do [ "$one" != "$other" ] || return 0; done
    done
    return 1
}

# wanted_part PART: whether a part is to be measured.
wanted_part() {
    [ "${#chosen[@]}" -gt 0 ] || return 0
    ! [ "$1" = dense ] || ! named stile newton-cholesky lbfgs statsmodels glm glmnet dsyrk || return 0
    named "$1"
}

# wanted SYSTEM: whether a system of the dense part is.
wanted() {
    wanted_part dense || return 1
    [ "${#chosen[@]}" -eq 0 ] || named dense "$1"
}

# size_of PART: rows and columns.
size_of() {
    local size=(1000000 100)
    [ "$1" != stream ] || size=(10000000 50)
    [ -z "$quick" ] || size=(100000 50)
    echo "${rows:-${size[0]}} ${columns:-${size[1]}}"
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
binaries=$(swift build --package-path Benchmarks -c release --show-bin-path)
stile=$binaries/stile-bench-fit
if wanted_part score; then
    echo "Building stile-bench…" >&2
    swift build --package-path Benchmarks -c release --product stile-bench >&2
fi

# MARK: Data

digest=$(cat Benchmarks/Sources/stile-bench-fit/MadeDesign.swift Sources/PipelineModel/SeededGenerator.swift | cksum)

# make_data kind rows columns: the folder of the design, made anew when what makes it has changed.
make_data() {
    local folder=$cache/fit-$1-${2}x$3
    if [ "$(cat "$folder/made-from" 2>/dev/null || true)" != "$digest" ]; then
        echo "Making $2 × $3 ($1)…" >&2
        rm -rf "$folder"
        "$stile" make --rows "$2" --columns "$3" --seed 20260101 --kind "$1" --to "$folder"
        echo "$digest" >"$folder/made-from"
    fi
    echo "$folder"
}

# MARK: Runs

rm -rf "$results"
mkdir -p "$results"
cores=$("$python" -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())')
all=(1)
part=
[ "$cores" -eq 1 ] || all+=("$cores")

# begin part data: where its results go, and what they are of.
begin() {
    part=$1
    mkdir -p "$results/$part"
    echo "$2" >"$results/$part/design"
}

# run file system threads command…: each in a process of its own, with the library held to the threads.
run() {
    local file=$1 system=$2 threads=$3
    shift 3
    echo "$system, $threads thread(s)…" >&2
    OPENBLAS_NUM_THREADS=$threads OMP_NUM_THREADS=$threads "$python" "$peers/run_limited.py" \
        --seconds "$limit" --json "$results/$part/$file.json" --system "$system" -- "$@"
}

# stile_fit file system threads data option…
stile_fit() {
    local file=$1 system=$2 threads=$3 folder=$4
    shift 4
    run "$file" "$system" "$threads" "$stile" fit --data "$folder" --threads "$threads" --runs "$runs" \
        --system "$system" --json "$results/$part/$file.json" "$@"
}

measure_dense() {
    local size data threads peer file iterations
    read -ra size <<<"$(size_of dense)"
    data=$(make_data mixed "${size[@]}")
    begin dense "$data"
    for threads in "${all[@]}"; do
        stile_fit "1-stile-$threads" Stile "$threads" "$data"
    done
    if wanted dsyrk; then
        # As many products as the fit took steps.
        iterations=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1])).get("iterations", 6))' "$results/$part/1-stile-1.json")
        for threads in "${all[@]}"; do
            for peer in dsyrk scipy-dsyrk; do
                file=2-$peer-$threads
                run "$file" "dsyrk alone ($peer)" "$threads" "$python" "$peers/fit_peer.py" "$peer" \
                    --data "$data" --runs "$runs" --iterations "$iterations" --json "$results/$part/$file.json"
            done
        done
    fi
    for peer in newton-cholesky lbfgs statsmodels; do
        wanted "$peer" || continue
        file=3-$peer
        run "$file" "$peer" "$cores" "$python" "$peers/fit_peer.py" "$peer" \
            --data "$data" --runs "$runs" --json "$results/$part/$file.json"
    done
    for peer in glm glmnet; do
        wanted "$peer" || continue
        file=4-$peer
        run "$file" "R $peer" "$cores" \
            Rscript --vanilla "$peers/fit_peer.R" "$peer" "$data" "$runs" "$results/$part/$file.json"
    done
}

measure_sparse() {
    local size data shifted threads
    read -ra size <<<"$(size_of sparse)"
    data=$(make_data sparse "${size[@]}")
    shifted=$(make_data shifted "${size[@]}")
    begin sparse "$data"
    for threads in "${all[@]}"; do
        stile_fit "1-sparse-$threads" "Stile, mostly zeros" "$threads" "$data" --sparse yes
        stile_fit "1-shifted-$threads" "Stile, 1 added" "$threads" "$shifted"
    done
}

measure_stream() {
    local size data threads
    read -ra size <<<"$(size_of stream)"
    data=$(make_data mixed "${size[@]}")
    begin stream "$data"
    for threads in "${all[@]}"; do
        # Beside the file, the same data in memory, where that is not what the part is to avoid.
        [ -z "$quick" ] || stile_fit "1-stile-$threads" Stile "$threads" "$data"
        stile_fit "1-stile-file-$threads" "Stile, from the file" "$threads" "$data" --stream yes
    done
}

measure_score() {
    local share=1
    [ -z "$quick" ] || share=0.1
    begin score "$share"
    echo "Scoring with reasons…" >&2
    "$binaries/stile-bench" --only reasons --runs "$runs" --share "$share" \
        >"$results/score/table.md" || echo "Scoring failed." >&2
}

for one in dense sparse stream score; do
    wanted_part "$one" || continue
    "measure_$one"
done

"$python" "$peers/fit_table.py" "$results"
