#!/usr/bin/env bash
# Prints the first Python that can carry the kiosk: 3.11 or newer, able to make environments.
# PYTHON3 in the environment names another one.
set -euo pipefail

for candidate in ${PYTHON3:-python3 python3.13 python3.12 python3.11 python3.14}; do
    if command -v "$candidate" >/dev/null && "$candidate" -c '
import sys
if sys.version_info < (3, 11):
    sys.exit(1)
import ensurepip, venv' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done

echo "The kiosk needs Python 3.11 or newer with its venv module; found: $(python3 --version 2>&1 || true)." >&2
echo "On Debian 12 or newer and Ubuntu 24.04 or newer: sudo apt-get install python3 python3-venv" >&2
echo "Another Python can be named: make run PYTHON3=/path/to/python3.12" >&2
exit 1
