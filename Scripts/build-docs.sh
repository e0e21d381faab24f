#!/usr/bin/env bash
# Builds one DocC archive of every library target into docs-build/; a warning is an error.
# It reads the modules that the tests are built from, so that nothing is compiled twice.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build --build-tests
built=$(swift build --show-bin-path)
target=$(swift -print-target-info | sed -n 's/.*"unversionedTriple": *"\([^"]*\)".*/\1/p' | head -n 1)

# Where the C modules of Stile and of its libraries are described.
imports=(-I "$built/Modules")
while read -r map; do imports+=(-I "$(dirname "$map")"); done < <(
    find Sources .build/checkouts/*/Sources "$built"/C*.build -maxdepth 3 -name module.modulemap | sort)

# $1: a target. Writes its archive, or says what is wrong with its comments.
document() {
    mkdir -p "$graphs/$1"
    swift symbolgraph-extract -module-name "$1" "${imports[@]}" -target "$target" \
        -minimum-access-level public -emit-extension-block-symbols -output-dir "$graphs/$1"
    docc convert --additional-symbol-graph-dir "$graphs/$1" --output-path "$archives/$1.doccarchive" \
        --fallback-display-name "$1" --fallback-bundle-identifier "stile.$1" --warnings-as-errors
}

graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
archives=$graphs/archives
mkdir -p "$archives"
wrong=()
while read -r name; do document "$name" || wrong+=("$name"); done < <(
    sed -n 's/^ *library("\([A-Za-z]*\)".*/\1/p; /^ *library($/{n;s/^ *"\([A-Za-z]*\)".*/\1/p}' Package.swift)
if [ "${#wrong[@]}" -gt 0 ]; then
    echo "The documentation of ${wrong[*]} has faults: mend the comments above." >&2
    exit 1
fi
rm -rf docs-build
docc merge "$archives"/*.doccarchive --synthesized-landing-page-name Stile --output-path docs-build
echo "docs-build/documentation/index.html"
