#!/usr/bin/env bash
# What ssh-audit says of the algorithms that the server offers: with --post-quantum-only no failure and no warning, and
# without it a single warning, which is named below.
# Usage: tests/ssh-audit.sh PROGRAM
set -euo pipefail

# ssh-audit warns of every exchange of keys that a quantum computer could undo. The one without that weakness comes first
# in the offer; OpenSSH has it from 9.9 on, and with older clients the other is all that there is.
known="warn: kex curve25519-sha256: does not provide protection against post-quantum attacks"

program=$(realpath "${1:?usage: tests/ssh-audit.sh PROGRAM}")
for tool in ssh-audit python3; do
    command -v "$tool" >/dev/null || { echo "ssh-audit.sh: $tool is not installed"; exit 1; }
done

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

# audit NAME OPTION...: starts a server with these options and prints what is found, a line each.
audit() {
    local log=$folder/$1.log end=$((SECONDS + 20))
    shift
    "$program" serve --auth none --listen 127.0.0.1:0 --host-key "$folder/host_key" "$@" 2>"$log" &
    until grep -qs listening "$log"; do
        [ $SECONDS -lt $end ] || { echo "the server does not start: $(cat "$log")"; return; }
        sleep 0.05
    done
    local port
    port=$(sed -n 's/.*listening.* address="\{0,1\}127.0.0.1:\([0-9]*\).*/\1/p' "$log")
    # Its exit code is that of its warnings; what counts is what it says of each algorithm.
    timeout 60 ssh-audit --skip-rate-test -j -p "$port" 127.0.0.1 >"$folder/audit.json" || true
    python3 - "$folder/audit.json" <<'EOF'
import json, sys

audit = json.load(open(sys.argv[1]))
for kind in ["kex", "key", "enc", "mac"]:
    if not audit[kind]:
        print(f"nothing is offered as {kind}")
    for algorithm in audit[kind]:
        for level in ["fail", "warn"]:
            for note in algorithm["notes"].get(level, []):
                print(f"{level}: {kind} {algorithm['algorithm']}: {note}")
EOF
}

# expect NAME FOUND OPTION...
expect() {
    local name=$1 expected=$2 found
    shift 2
    audit "$name" "$@" >"$folder/found"
    found=$(cat "$folder/found")
    [ "$found" = "$expected" ] || { printf 'FAILED: %s: ssh-audit finds\n%s\nand not\n%s\n' "$name" "$found" "$expected"; exit 1; }
    echo "ok: $name: ${found:-ssh-audit finds nothing}"
}

expect strict "" --post-quantum-only
expect default "$known"
