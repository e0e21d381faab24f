#!/usr/bin/env bash
# Installs the Debian packages that are missing: headers to build with, and OpenBLAS,
# which Debian's alternatives put behind libblas and liblapack at run time.
set -euo pipefail
needed=(libblas-dev liblapack-dev libopenblas0-pthread libsqlite3-dev zlib1g-dev)
missing=()
for package in "${needed[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
command -v apt-get >/dev/null 2>&1 || {
    echo "These libraries are missing and there is no apt-get to install them: ${missing[*]}. Install your system's packages of the same names." >&2
    exit 2
}
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
        echo "These packages are missing: ${missing[*]}. Ask an administrator to run: apt-get install ${missing[*]}" >&2
        exit 2
    }
    as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
