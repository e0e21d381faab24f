#!/usr/bin/env bash
# Makes a sample deployment from SampleData/ and runs its nights, one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."
stile=${STILE:-.build/release/stile}
folder=${SAMPLE:-sample}

rm -rf "$folder"
"$stile" init "$folder" --sample --from SampleData
for night in SampleData/nights/*/; do
    day=$(basename "$night")
    # Extracts dated one day are worked on after midnight, as of the day after.
    as_of=$(date -u -d "$day + 1 day" +%F)
    cp -r "$night." "$folder/source/drop/"
    echo "== the night of $day"
    "$stile" run --zone source --config "$folder/source/stile.yaml" --as-of "$as_of"
    "$stile" run --zone linking --config "$folder/linking/stile.yaml" --as-of "$as_of"
done
echo
"$stile" review --config "$folder/linking/stile.yaml" --waiting
