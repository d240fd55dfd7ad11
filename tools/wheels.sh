#!/usr/bin/env bash
# Gathers the wheel of the kiosk and all wheels that it stands on, each checked by its hash.
# usage: tools/wheels.sh PYTHON FOLDER [VERSION…]   VERSION such as 3.12: for these instead of PYTHON's own
set -euo pipefail

python=${1:?python}
folder=${2:?folder}
shift 2

lock=requirements/postgres.txt # with the client of PostgreSQL, for several kiosks of one office
download() {
    "$python" -m pip download --disable-pip-version-check --quiet --no-input --no-deps --require-hashes \
        --only-binary :all: --requirement "$lock" --dest "$folder" "$@"
}

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
mkdir -p "$folder"
rm -f "$folder"/motcua_kiosk-*.whl
cp "dist/motcua_kiosk-$version-py3-none-any.whl" "$folder/"
cp "$lock" "$folder/requirements.txt"
if (($# == 0)); then
    download
fi
for minor; do
    # Debian 12 has the C library 2.36, Ubuntu 24.04 has 2.39.
    platforms=()
    for glibc in 2_34 2_31 2_28 2_27 2_26 2_17 2_12 2_5; do
        platforms+=(--platform "manylinux_${glibc}_$(uname -m)")
    done
    for old in manylinux2014 manylinux2010 manylinux1; do
        platforms+=(--platform "${old}_$(uname -m)")
    done
    download --implementation cp --python-version "$minor" --abi "cp${minor/./}" --abi abi3 --abi none \
        "${platforms[@]}"
done
echo "$folder: $(find "$folder" -name '*.whl' | wc -l) wheels, $(du -sh "$folder" | cut -f1)"
