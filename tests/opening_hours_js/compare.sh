#!/usr/bin/env bash
# Compares answers.tsv with what opening_hours.js says. Needs node and npm; with WRITE_ANSWERS set, replaces the file.
set -euo pipefail
cd "$(dirname "$0")"
modules="${CARGO_TARGET_DIR:-$PWD/../../target}/opening_hours_js"
mkdir -p "$modules"
[ -d "$modules/node_modules/opening_hours" ] || npm install --silent --no-save --prefix "$modules" opening_hours@3.15.0
answers() { NODE_PATH="$modules/node_modules" node answers.js; }
if [ -n "${WRITE_ANSWERS:-}" ]; then
    answers >answers.tsv
else
    answers | diff -u answers.tsv - && echo "answers.tsv is what opening_hours.js says"
fi
