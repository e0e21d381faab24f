#!/usr/bin/env bash
# Runs the program over published data and synthetic counties, and prints one table: what was
# measured beside its reference. Ends with 1 where a figure does not agree.
# Usage: real.sh DATA, where DATA holds diabetes130/, parr30/ and febrl/ as README.md says.
# KEEP=folder leaves the evaluation and the model's folder of Diabetes 130 there, to be opened.
# ONLY=diabetes (or parr30, febrl, nights, county) runs that part alone.
set -euo pipefail
export LC_ALL=C
data=${1:-}
if [ -z "$data" ] || [ ! -d "$data" ]; then
    echo "Say where the published data lie: make real DATA=folder." >&2
    exit 2
fi
data=$(cd "$data" && pwd)
keep=${KEEP:-}
if [ -n "$keep" ]; then mkdir -p "$keep" && keep=$(cd "$keep" && pwd); fi
cd "$(dirname "$0")/.."
stile=${STILE:-.build/release/stile}
case $stile in /*) ;; *) stile=$PWD/$stile ;; esac
for tool in awk unzip gzip python3; do
    command -v "$tool" >/dev/null 2>&1 || { echo "make real needs $tool: install it and run again." >&2; exit 2; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/stile-real.XXXXXX")
trap 'rm -rf "$work"' EXIT
table=$work/table
: >"$table"

# MARK: Measuring

# GNU time tells the peak memory; without it only seconds are measured.
gnu_time=
if /usr/bin/time -f %M true >/dev/null 2>&1; then gnu_time=yes; fi
cost=$work/cost

# measured command…: runs it, adds "seconds kilobytes" to $cost; its output is shown only if it fails.
measured() {
    local began=$SECONDS
    if [ -n "$gnu_time" ]; then
        /usr/bin/time -a -o "$cost" -f '%e %M' "$@" >"$work/log" 2>&1
    else
        "$@" >"$work/log" 2>&1 && echo "$((SECONDS - began)) 0" >>"$cost"
    fi || { cat "$work/log" >&2; echo "This failed: $*" >&2; exit 1; }
}

# What was spent since the last call, in words.
spent() {
    awk '{ seconds += $1; if ($2 > peak) peak = $2 }
        END { printf "%.1f s", seconds; if (peak > 0) printf ", peak %.0f MB", peak / 1024 }' "$cost"
    : >"$cost"
}

# figure name reference got yes|no|-
figure() { printf '%s|%s|%s|%s\n' "$1" "$2" "$3" "$4" >>"$table"; }

holds() { awk -v a="$1" -v b="$3" -v relation="$2" 'BEGIN { a += 0; b += 0
    exit !(relation == "<=" ? a <= b : relation == ">=" ? a >= b : a == b) }' && echo yes || echo no; }

# near name reference got tolerance
near() {
    local difference
    difference=$(awk -v a="$2" -v b="$3" 'BEGIN { d = a - b; print d < 0 ? -d : d }')
    figure "$1" "$2" "$3" "$(holds "$difference" '<=' "$4")"
}

flat() { awk -f Scripts/flatten-json.awk "$1"; }

# scalar file path: a value of a JSON document.
scalar() { flat "$1" | awk -F '\t' -v path="$2" '$1 == path { print $2; found = 1 } END { exit !found }'; }

# deployment name configuration
deployment() { measured "$stile" init "$work/$1" --sample --from "$2"; : >"$cost"; }

# night name as-of: both zones.
night() {
    measured "$stile" run --zone source --config "$work/$1/source/stile.yaml" --as-of "$2"
    measured "$stile" run --zone linking --config "$work/$1/linking/stile.yaml" --as-of "$2"
}

# MARK: UCI Diabetes 130: from the published zip to a signed list

diabetes() {
    echo "Diabetes 130…" >&2
    deployment diabetes130 Conformance/diabetes130
    local drop=$work/diabetes130/source/drop/hospital
    mkdir -p "$drop"
    unzip -p "$data/diabetes130/dataset_diabetes.zip" dataset_diabetes/diabetic_data.csv >"$drop/diabetic_data.csv"
    local as_of
    as_of=$(awk -F , 'NR > 1 && $1 + 0 > last { last = $1 + 0 } END { printf "%d", last + 1 }' "$drop/diabetic_data.csv")
    night diabetes130 "$as_of"
    local model=$work/diabetes130/linking/models/diabetes130
    local expected=Conformance/diabetes130/expected.json
    flat "$expected" >"$work/reference"
    flat "$model/coefficients.json" >"$work/fitted"
    local differences
    differences=$(awk -F '\t' '
        function relative(a, b) { d = (a - b) / b; return d < 0 ? -d : d }
        { split($1, path, ".") }
        FNR == NR && $1 ~ /^terms\./ { name[path[2]] = $2; next }
        FNR == NR && $1 ~ /^longdouble_newton\.coef\./ { coefficient[path[3]] = $2; expected++; next }
        FNR == NR && $1 ~ /^longdouble_newton\.se\./ { error[path[3]] = $2; next }
        FNR == NR { next }
        $1 == "intercept" { mine["(Intercept)"] = $2 }
        $1 == "intercept_standard_error" { my_error["(Intercept)"] = $2 }
        $1 ~ /^terms\.[0-9]+\.name$/ { term[path[2]] = $2 }
        $1 ~ /^terms\.[0-9]+\.coefficient$/ { value[path[2]] = $2 }
        $1 ~ /^terms\.[0-9]+\.standard_error$/ { width[path[2]] = $2 }
        END {
            for (i in term) { mine[term[i]] = value[i]; my_error[term[i]] = width[i] }
            for (i in coefficient) {
                if (!(name[i] in mine)) { print "1e300 1e300 0"; exit }
                found++
                if (relative(mine[name[i]], coefficient[i]) > a) a = relative(mine[name[i]], coefficient[i])
                if (relative(my_error[name[i]], error[i]) > b) b = relative(my_error[name[i]], error[i])
            }
            if (found == 0 || found != expected) { print "1e300 1e300 0"; exit }
            printf "%.1e %.1e %d\n", a, b, found
        }' "$work/reference" "$work/fitted")
    read -r coefficients errors count <<<"$differences"
    figure "Diabetes 130: $count coefficients, largest relative difference" "<= 1e-8" "$coefficients" "$(holds "$coefficients" '<=' 1e-8)"
    figure "Diabetes 130: $count standard errors, largest relative difference" "<= 1e-8" "$errors" "$(holds "$errors" '<=' 1e-8)"
    near "Diabetes 130: AUC on the test rows" "$(scalar "$expected" r_glm.test.auc)" "$(scalar "$model/evaluation.json" discrimination.estimate)" 1e-6
    near "Diabetes 130: Brier score on the test rows" "$(scalar "$expected" r_glm.test.brier)" "$(scalar "$model/evaluation.json" brier)" 1e-6
    near "Diabetes 130: readmitted among the top 509" 203 "$(scalar "$model/evaluation.json" list.events.listed)" 0
    near "Diabetes 130: patients on both sides of the split" 3008 "$(scalar "$model/evaluation.json" people_also_trained_on)" 0
    figure "Diabetes 130: zip to a list that waits for sign-off" "" "$(spent)" -
    local evaluation=$model/evaluation.json
    # References by Conformance/diabetes130/apart.py, which fits with NumPy and no part of Stile.
    near "Diabetes 130: AUC of the test rows, every patient on one side" 0.632585626350795 "$(scalar "$evaluation" person_split.same_rows.discrimination.estimate)" 1e-9
    near "Diabetes 130: AUC of all rows, every patient on one side" 0.6441346084840885 "$(scalar "$evaluation" person_split.all_rows.discrimination.estimate)" 1e-9
    near "Diabetes 130: test rows of deaths in hospital" 780 "$(scalar "$evaluation" cannot_happen.rows)" 0
    near "Diabetes 130: readmitted after such a death" 0 "$(scalar "$evaluation" cannot_happen.events)" 0
    near "Diabetes 130: their places on the list of 509" 9 "$(scalar "$evaluation" cannot_happen.listed)" 0
    near "Diabetes 130: AUC without them" 0.6369488178297427 "$(scalar "$evaluation" cannot_happen.others.discrimination.estimate)" 1e-9
    near "Diabetes 130: AUC fitted and tested without them" 0.637295649964486 "$(scalar "$evaluation" cannot_happen.fitted_without.discrimination.estimate)" 1e-9
    figure "Diabetes 130: margins met, not met, undecided, not assessable" "" "$(for what in met not_met undecided not_assessable; do scalar "$evaluation" "acceptance.counts.$what"; done | paste -sd ' ')" -
    # The folder is checked where it will be opened, by its own script and without the program.
    local folder=$model/folder
    if [ -n "$keep" ]; then
        rm -rf "$keep/folder"
        cp -R "$model/folder" "$keep/folder"
        cp "$model/evaluation.html" "$model/evaluation.json" "$keep/"
        folder=$keep/folder
    fi
    local checked=yes
    python3 "$folder/check.py" >"$work/log" 2>&1 || { checked=no; cat "$work/log" >&2; }
    figure "Diabetes 130: the model's folder passes its own check.py" yes "$checked" "$checked"
    SAMPLE=$work/diabetes130 STILE=$stile measured Scripts/sample-release.sh
    local released
    released=$(cat "$work"/diabetes130/release/released/*/referrals.csv | awk 'NR > 1' | wc -l)
    near "Diabetes 130: people on the list, signed and released" 509 "$((released))" 0
    figure "Diabetes 130: three signatures and the release" "" "$(spent)" -
}

# MARK: The published equation PARR-30 as a frozen model

parr30() {
    echo "PARR-30…" >&2
    deployment parr30 Conformance/parr30
    mkdir -p "$work/parr30/source/drop/hospital"
    # The trust is the last field but one; its published term is 0 where none is known.
    awk -F , 'FNR == NR { gsub(/"/, ""); term[$(NF - 1)] = $NF; next }
        FNR == 1 { print $0 ",row_number,trust_term"; next }
        { trust = $(NF - 1); gsub(/"/, "", trust); print $0 "," FNR - 1 "," (trust in term && trust != "" ? term[trust] : 0) }' \
        "$data/parr30/trusts.csv" "$data/parr30/parr30_sample.csv" >"$work/parr30/source/drop/hospital/parr30_spells.csv"
    night parr30 "$(wc -l <"$data/parr30/parr30_sample.csv" | tr -d ' ')"
    local evaluation=$work/parr30/linking/models/parr30/evaluation.json
    near "PARR-30 (frozen): AUC" 0.671824 "$(scalar "$evaluation" discrimination.estimate)" 1e-6
    near "PARR-30 (frozen): Brier score" 0.224477 "$(scalar "$evaluation" brier)" 1e-6
}

# MARK: FEBRL data set 4 through pseudonymise and link

# pairs name truth file: what `stile link check` says of the people of $work/NAME, into FILE; the truth by local identifiers.
pairs() {
    "$stile" pseudonymise --config "$work/$1/source/stile.yaml" --truth "$2" >"$work/pseudonyms.csv"
    "$stile" link check --config "$work/$1/linking/stile.yaml" --as-of "$as_of" --truth "$work/pseudonyms.csv" --skip-unknown --json >"$3"
}

# share file path: a share of a JSON document, to six decimals.
share() { printf '%.6f' "$(scalar "$1" "$2")"; }

febrl() {
    echo "FEBRL 4…" >&2
    deployment febrl4 Conformance/febrl4
    local source as_of=2026-01-02
    for source in a b; do
        mkdir -p "$work/febrl4/source/drop/$source"
        cp "$data/febrl/dataset4$source.csv" "$work/febrl4/source/drop/$source/"
    done
    measured "$stile" pseudonymise --config "$work/febrl4/source/stile.yaml" --as-of 2026-01-01
    measured "$stile" link --config "$work/febrl4/linking/stile.yaml" --as-of "$as_of"
    figure "FEBRL 4: encoding and linking 10,000 records" "" "$(spent)" -
    echo source,subject,person >"$work/truth.csv"
    for source in a b; do
        awk -F , -v source="$source" 'FNR > 1 { split($1, part, "-"); print source "," $1 "," part[2] }' "$data/febrl/dataset4$source.csv" >>"$work/truth.csv"
    done
    pairs febrl4 "$work/truth.csv" "$work/pairs.json"
    local precision recall f1
    precision=$(share "$work/pairs.json" betweenSources.precision.value)
    recall=$(share "$work/pairs.json" betweenSources.recall.value)
    f1=$(share "$work/pairs.json" betweenSources.f1.value)
    figure "FEBRL 4 without soc_sec_id: precision, recall of pairs" "" "$precision, $recall" -
    figure "FEBRL 4 without soc_sec_id: F1 of pairs" ">= 0.985" "$f1" "$(holds "$f1" '>=' 0.985)"
}

# MARK: Thirty nights, each the same as a rebuild

# The digest of the night's design matrix.
matrix() {
    "$stile" features --config "$work/$1/linking/stile.yaml" --as-of "$2" --json 2>"$work/log" >"$work/features.json" ||
        { cat "$work/log" >&2; exit 1; }
    flat "$work/features.json" | awk -F '\t' '$1 ~ /\.role$/ { role = $2 } $1 ~ /\.sha256$/ && role == "matrix" { print $2; found = 1 }
        $1 ~ /\.sha256$/ { role = "" } END { exit !found }'
}

tomorrow() { date -u -d "$1 + 1 day" +%F 2>/dev/null || date -u -j -v+1d -f %F "$1" +%F; }

nights() {
    echo "Thirty nights…" >&2
    "$stile" synth "$work/county30" --people 1500 --seed 30 --nights 30 --first-night 2026-03-01 >/dev/null
    # The registers of so small a county grow from one entry to two: no fault here.
    mkdir "$work/small"
    cp SampleData/*.yaml "$work/small/"
    sed 's/largest_change: 0.5/largest_change: 5/' SampleData/source.yaml >"$work/small/source.yaml"
    deployment nightly "$work/small"
    local day as_of count=0 equal=0 nightly rebuilt later
    for day in "$work"/county30/nights/*/; do
        day=$(basename "$day")
        as_of=$(tomorrow "$day")
        count=$((count + 1))
        cp -R "$work/county30/nights/$day/." "$work/nightly/source/drop/"
        measured "$stile" run --zone source --config "$work/nightly/source/stile.yaml" --as-of "$as_of"
        nightly=$(matrix nightly "$as_of")
        [ $((count % 10)) -eq 0 ] || continue
        deployment "rebuild$count" "$work/small"
        cp "$work/nightly/source/keys/project.keyring" "$work/rebuild$count/source/keys/"
        cp "$work/nightly/linking/keys/mint.seed" "$work/rebuild$count/linking/keys/"
        for later in "$work"/county30/nights/*/; do
            later=$(basename "$later")
            [[ $later > $day ]] || cp -R "$work/county30/nights/$later/." "$work/rebuild$count/source/drop/"
        done
        measured "$stile" run --zone source --config "$work/rebuild$count/source/stile.yaml" --as-of "$as_of"
        rebuilt=$(matrix "rebuild$count" "$as_of")
        if [ "$nightly" = "$rebuilt" ]; then equal=$((equal + 1)); fi
    done
    near "30 nights: matrices of nights 10, 20, 30 equal to a rebuild's" 3 "$equal" 0
}

# MARK: The county

county() {
    echo "The county…" >&2
    : >"$cost"
    measured "$stile" synth "$work/hundred" --people 100000
    rm -rf "$work/hundred"
    local seconds
    seconds=$(awk '{ print $1 }' "$cost")
    figure "synth --people 100000: seconds" "<= 20" "$seconds" "$(holds "$seconds" '<=' 20)"
    figure "synth --people 100000" "" "$(spent)" -

    # Against the truth of the county that SampleData/ is; its README names the command.
    "$stile" synth "$work/county" --people 9000 --seed 1 --nights 3 --first-night 2025-06-02 >/dev/null
    deployment meadowshire SampleData
    cp -R SampleData/nights/*/. "$work/meadowshire/source/drop/"
    measured "$stile" run --zone source --config "$work/meadowshire/source/stile.yaml" --as-of 2025-06-05
    local as_of=2025-06-05
    measured "$stile" link --config "$work/meadowshire/linking/stile.yaml" --as-of "$as_of"
    local truth=$work/county/truth found=betweenSources.found
    pairs meadowshire "$truth/subjects.csv" "$work/pairs.json"
    local all false_pairs
    all=$(scalar "$work/pairs.json" betweenSources.wanted)
    false_pairs=$(($(scalar "$work/pairs.json" betweenSources.claimed) - $(scalar "$work/pairs.json" $found)))
    # Were twins one person, so many more pairs would be true: these are theirs.
    awk -F , 'FNR == NR { if ($15 != "") twin[$1] = $15; next }
        FNR > 1 && ($3 in twin) && twin[$3] < $3 { $3 = twin[$3] }
        { print $1 "," $2 "," $3 }' "$truth/people.csv" "$truth/subjects.csv" >"$work/twins.csv"
    pairs meadowshire "$work/twins.csv" "$work/twins.json"
    local twins=$(($(scalar "$work/twins.json" $found) - $(scalar "$work/pairs.json" $found)))
    local precision recall f1
    precision=$(share "$work/pairs.json" betweenSources.precision.value)
    recall=$(share "$work/pairs.json" betweenSources.recall.value)
    f1=$(share "$work/pairs.json" betweenSources.f1.value)
    figure "Sample county: precision, recall of $all pairs between sources" "" "$precision, $recall" -
    figure "Sample county: F1 of pairs" "" "$f1" -
    figure "Sample county: false pairs, of them twins" "" "$false_pairs, $twins" -
}

for part in diabetes parr30 febrl nights county; do
    if [ "${ONLY:-$part}" = "$part" ]; then "$part"; fi
done

echo
awk -F '|' '{ printf "%-68s %-22s %-26s %s\n", $1, $2, $3, $4 == "-" ? "" : $4 }' <(echo "figure|reference|measured|agrees") "$table"
if awk -F '|' '$4 == "no" { found = 1 } END { exit !found }' "$table"; then
    echo >&2
    echo "A figure does not agree with its reference." >&2
    exit 1
fi
