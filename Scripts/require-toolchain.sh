#!/usr/bin/env bash
# The Swift toolchain is the one prerequisite; everything else is installed from it.
set -euo pipefail
if ! command -v swift >/dev/null 2>&1; then
    echo "Stile needs the Swift toolchain, 6.2 or later, and found none: install it from https://www.swift.org/install/linux/ and run the command again." >&2
    exit 2
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
major=${version%%.*}
minor=${version##*.}
if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 2 ]; }; then
    echo "Stile needs Swift 6.2 or later and found ${version:-an unknown version}: install a newer one from https://www.swift.org/install/linux/ and run the command again." >&2
    exit 2
fi
