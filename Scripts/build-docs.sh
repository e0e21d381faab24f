#!/usr/bin/env bash
# Builds the DocC archive of every library target; a warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=()
while read -r target; do targets+=(--target "$target"); done < <(
    sed -n 's/^ *library("\([A-Za-z]*\)".*/\1/p; /^ *library($/{n;s/^ *"\([A-Za-z]*\)".*/\1/p}' Package.swift)
mkdir -p docs-build
swift package --allow-writing-to-directory docs-build generate-documentation \
    "${targets[@]}" --output-path docs-build --transform-for-static-hosting --warnings-as-errors
