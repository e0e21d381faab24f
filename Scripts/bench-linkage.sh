#!/usr/bin/env bash
# Links the published data sets and three generated ones with Stile and with its peers, one after
# the other on this machine, attacks what Stile links, and prints two tables: what was measured, and
# which targets it meets. Benchmarks/peers/README.md says what is measured and how. The virtual
# environments lie in Benchmarks/.venv, generated data and results in Benchmarks/.cache; git ignores both.
#
#   Scripts/bench-linkage.sh [--quick] [--set NAME]... DATA
#
# DATA holds febrl/ and linkage/ with the published files. --quick leaves the generated sets
# out; --set measures only the named ones. PYTHON names the interpreter (3.10 or later), STILE a
# built stile for the county.
set -euo pipefail

usage() { echo "Usage: Scripts/bench-linkage.sh [--quick] [--set NAME]... DATA" >&2; exit 2; }

quick=
data=
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes ;;
        --set) [ $# -ge 2 ] || usage; chosen+=("$2"); shift ;;
        -*) usage ;;
        *) [ -z "$data" ] || usage; data=$1 ;;
    esac
    shift
done
if [ -z "$data" ] || [ ! -d "$data/febrl" ] || [ ! -d "$data/linkage" ]; then
    echo "Name the folder in which febrl/ and linkage/ lie: make bench-linkage DATA=folder." >&2
    exit 2
fi
data=$(cd "$data" && pwd)
cd "$(dirname "$0")/.."
peers=Benchmarks/peers
environments=Benchmarks/.venv
cache=Benchmarks/.cache
results=$cache/results
python=${PYTHON:-python3}

published=(febrl4 febrl4-half febrl1 febrl2 febrl3 fake_1000 historical_50k)
generated=(county200k children100k children500k)
known=" ${published[*]} ${generated[*]} "
if [ "${#chosen[@]}" -eq 0 ]; then
    chosen=("${published[@]}")
    [ -n "$quick" ] || chosen+=("${generated[@]}")
fi
for name in "${chosen[@]}"; do
    [[ $known == *" $name "* ]] || { echo "There is no data set $name. There are:$known" >&2; exit 2; }
done
wants() { local one; for one in "${chosen[@]}"; do [ "$one" != "$1" ] || return 0; done; return 1; }

# MARK: What is needed

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || {
    echo "The peers need Python 3.10 or later with venv: install it, or name it with PYTHON=." >&2
    exit 2
}

# environment name requirements: a virtual environment, made anew when the requirements change.
environment() {
    local folder=$environments/$1 stamp
    stamp=$(cksum <"$peers/$2")
    [ "$(cat "$folder/made-from" 2>/dev/null || true)" != "$stamp" ] || return 0
    echo "Making the environment $1…" >&2
    rm -rf "$folder"
    "$python" -m venv "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$peers/$2" >&2
    echo "$stamp" >"$folder/made-from"
}
environment peers requirements.txt
if wants febrl4 || wants febrl4-half; then environment anonlink requirements-anonlink.txt; fi

stile_bench=
if grep -q '"stile-bench-linkage"' Benchmarks/Package.swift; then
    echo "Building stile-bench-linkage…" >&2
    swift build --package-path Benchmarks -c release --product stile-bench-linkage >&2
    stile_bench=$(swift build --package-path Benchmarks -c release --show-bin-path)/stile-bench-linkage
fi

# MARK: Generated data

# fresh folder digest: whether the folder was completely made from the code with this digest.
fresh() { [ "$(cat "$1/made-from" 2>/dev/null || true)" = "$2" ]; }

# children name records: two registers of children with so many rows each.
children() {
    local digest
    digest=$(cat "$peers/make_children.py" "$peers/names.py" | cksum)
    ! fresh "$cache/$1" "$digest" || return 0
    echo "Generating $2 × $2 children…" >&2
    rm -rf "${cache:?}/$1"
    "$environments/peers/bin/python" "$peers/make_children.py" "$cache/$1" --records "$2"
    echo "$digest" >"$cache/$1/made-from"
}
if wants children100k; then children children100k 100000; fi
if wants children500k; then children children500k 500000; fi
if wants county200k; then
    digest=$(cat Sources/Synth/*.swift "$peers/flatten_county.py" "$peers/records.py" | cksum)
    if ! fresh "$cache/county200k" "$digest"; then
        echo "Generating a county of 200,000 people…" >&2
        rm -rf "$cache/county200k"
        mkdir -p "$cache"
        stile=${STILE:-}
        if [ -z "$stile" ]; then
            swift build -c release --product stile >&2
            stile=$(swift build -c release --show-bin-path)/stile
        fi
        "$stile" synth "$cache/county200k" --people 200000 --seed 200 --nights 1 >&2
        "$environments/peers/bin/python" "$peers/flatten_county.py" "$cache/county200k"
        echo "$digest" >"$cache/county200k/made-from"
    fi
fi

# MARK: Runs

rm -rf "$results"
mkdir -p "$results"
failed=0

folder() {
    case $1 in
        county200k | children*) echo "$cache/$1" ;;
        *) echo "$data" ;;
    esac
}

# run name command…: a failure is told with the end of its log and does not stop the others.
run() {
    local name=$1
    shift
    echo "$name…" >&2
    "$@" >"$results/$name.log" 2>&1 || {
        echo "$name failed:" >&2
        tail -n 5 "$results/$name.log" >&2
        failed=1
    }
}

splink() {
    run "splink-$1-$2" "$environments/peers/bin/python" "$peers/run_splink.py" \
        --data "$(folder "$1")" --set "$1" --variant "$2" --json "$results/splink-$1-$2.json"
}

# at name dial: the set's encodings at one dial, linked and attacked.
at() {
    local files=$results/stile-$1-$2
    run "stile-$1-$2" "$stile_bench" --data "$data" --set "$1" ${input[@]+"${input[@]}"} --dial "$2" \
        --json "$files.json" --pairs-out "$files.pairs.csv"
    # The same pairs by the same metrics as the peers'.
    if [ "$2" != none ] && [ -s "$files.json" ] && [ -s "$files.pairs.csv" ]; then
        run "referee-$1-$2" "$environments/peers/bin/python" "$peers/referee.py" --data "$(folder "$1")" --set "$1" \
            --pairs "$files.pairs.csv" --system Stile --settings "$files.json" --json "$results/referee-$1-$2.json"
    fi
    rm -f "$files.pairs.csv"
}

stile() {
    [ -n "$stile_bench" ] || return 0
    local input=() dial dials=(default own none)
    case $1 in
        county200k | children*)
            input=(--input "$cache/$1")
            dials=(default none)
            [ "$1" != children500k ] || dials=(default)
            ;;
    esac
    for dial in "${dials[@]}"; do at "$1" "$dial"; done
    # The same model in the clear; with a million records it would take four times the memory.
    if [ "$1" != children500k ]; then
        run "stile-$1-clear" "$stile_bench" --data "$data" --set "$1" ${input[@]+"${input[@]}"} --clear yes \
            --json "$results/stile-$1-clear.json"
    fi
}

# The linker alone, as the peers are measured: encodings come from another process. The last records
# of the second register come later, as a delta. With 340 candidates a record 61 million pairs are
# compared; there is no setting between these and 20 million.
linker() {
    [ -n "$stile_bench" ] || return 0
    local encodings=$cache/children500k-encodings
    rm -rf "$encodings"
    run write-children500k "$stile_bench" --set children500k --input "$cache/children500k" \
        --write "$encodings" --hold-back 10000
    link link-children500k
    link link-children500k-pairs --candidates 340
    link link-children500k-night --as-night yes
    rm -rf "$encodings"
}

link() {
    local name=$1
    shift
    run "$name" "$stile_bench" --link "$encodings" --set children500k "$@" --json "$results/$name.json"
}

for name in "${chosen[@]}"; do
    stile "$name"
    [ "$name" != children500k ] || linker
    splink "$name" docs
    case $name in febrl[1-4]) splink "$name" docs-ssid ;; esac
    splink "$name" tuned
    case $name in
        febrl4 | febrl4-half)
            run "recordlinkage-$name" "$environments/peers/bin/python" "$peers/run_ecm.py" \
                --data "$data" --set "$name" --json "$results/recordlinkage-$name.json"
            run "anonlink-$name" "$environments/anonlink/bin/python" "$peers/run_anonlink.py" \
                --data "$data" --set "$name" --json "$results/anonlink-$name.json"
            ;;
    esac
done

"$environments/peers/bin/python" "$peers/table.py" "$results" --expect "${chosen[@]}"
printf '\nTargets:\n\n'
"$environments/peers/bin/python" "$peers/targets.py" "$results"
[ -n "$stile_bench" ] || echo "There is no stile-bench-linkage in Benchmarks/Package.swift yet: Stile was not measured." >&2
exit "$failed"
