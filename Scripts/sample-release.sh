#!/usr/bin/env bash
# Plays the reviewers of the sample, with the throw-away keys that `stile init --sample` made
# and that a real deployment refuses, and releases the list that waits.
set -euo pipefail
cd "$(dirname "$0")/.."
stile=${STILE:-.build/release/stile}
folder=${SAMPLE:-sample}
[ -d "$folder/reviewers" ] || { echo "There is no sample in $folder/: run make sample first." >&2; exit 2; }

list=$("$stile" review --config "$folder/linking/stile.yaml" --waiting --json | sed -n 's/.*"lists":\[{[^}]*"list":"\([^"]*\)".*/\1/p')
[ -n "$list" ] || { echo "No list waits for sign-off in $folder/." >&2; exit 2; }
as_of=$("$stile" review --config "$folder/linking/stile.yaml" --list "$list" --json | sed -n 's/.*"as_of":"\([^"]*\)".*/\1/p')
for key in "$folder"/reviewers/*.key; do
    role=$(basename "$key" .key)
    "$stile" sign --config "$folder/linking/stile.yaml" --list "$list" --role "$role" --key "$key" \
        --decision approve --reason "Played by the sample's script: nobody on this list is real."
done
"$stile" release --config "$folder/release/stile.yaml" --list "$list" --as-of "$as_of"
