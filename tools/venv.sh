#!/usr/bin/env bash
# Makes the environment, unless a usable one stands there.   usage: tools/venv.sh FOLDER
set -euo pipefail

venv=${1:?folder}
if "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exit 0
fi
python3=$(tools/python.sh)
echo "Setting up $venv with $("$python3" --version). The first time takes some minutes."
rm -rf "$venv"
"$python3" -m venv "$venv"
