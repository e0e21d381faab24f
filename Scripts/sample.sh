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

list=$("$stile" review --config "$folder/linking/stile.yaml" --waiting --json | sed -n 's/.*"lists":\[{[^}]*"list":"\([^"]*\)".*/\1/p')
cat <<TEXT

Review it, by pseudonym and with its evidence:
  $stile review --config $folder/linking/stile.yaml --list $list
  and in a browser: $folder/linking/lists/$list/review.html

Sign it in each role, with the throw-away keys of the sample:
$(for key in "$folder"/reviewers/*.key; do
    echo "  $stile sign --config $folder/linking/stile.yaml --list $list --role $(basename "$key" .key) --key $key --decision approve --reason \"I have read the list and its evidence.\""
done)

Release it, which opens exactly the people signed for:
  $stile release --config $folder/release/stile.yaml --list $list --as-of $as_of

Or let a script play the reviewers: make sample-release

1 list waits for sign-off
TEXT
