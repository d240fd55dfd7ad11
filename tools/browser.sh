#!/usr/bin/env bash
# Prints the Chromium that the page tests drive, or fails. KIOSK_BROWSER names another one. The shell
# without windows comes first: a whole Chromium draws its own tabs and bars beside every page, at twice the work.
set -euo pipefail

for candidate in ${KIOSK_BROWSER:-chromium-headless-shell chromium google-chrome chromium-browser}; do
    found=$(command -v "$candidate") || continue
    case $(readlink -f "$found") in
        */snap) continue ;; # a snap sees neither /tmp nor hidden folders, so tests cannot drive it
    esac
    if grep -qs 'snap install' "$found"; then
        continue
    fi
    echo "$found"
    exit 0
done
exit 1
