#!/usr/bin/env bash
# Runs ssh-audit on the algorithms that the server offers. It must find nothing with --post-quantum-only, and without it
# only the warning below.
# Usage: tests/ssh-audit.sh PROGRAM
set -euo pipefail

# ssh-audit warns of every key exchange that a quantum computer could break. The post-quantum one is offered first, but
# OpenSSH before 9.9 does not support it.
known="warn: kex curve25519-sha256: does not provide protection against post-quantum attacks"

program=$(realpath "${1:?usage: tests/ssh-audit.sh PROGRAM}")
for tool in ssh-audit python3; do
    command -v "$tool" >/dev/null || { echo "ssh-audit.sh: $tool is not installed"; exit 1; }
done

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

# audit NAME OPTION...: starts a server with options and prints each finding on a line.
audit() {
    local log=$folder/$1.log end=$((SECONDS + 20))
    shift
    "$program" serve --auth none --listen 127.0.0.1:0 --penalty-exempt 127.0.0.1/32 --host-key "$folder/host_key" "$@" 2>"$log" &
    until grep -qs listening "$log"; do
        [ $SECONDS -lt $end ] || { echo "the server did not start: $(cat "$log")"; return; }
        sleep 0.05
    done
    local port
    port=$(sed -n 's/.*listening.* address="\{0,1\}127.0.0.1:\([0-9]*\).*/\1/p' "$log")
    # The exit code reflects all warnings; only those about algorithms count here.
    timeout 60 ssh-audit --skip-rate-test -j -p "$port" 127.0.0.1 >"$folder/audit.json" || true
    python3 - "$folder/audit.json" <<'EOF'
import json, sys

audit = json.load(open(sys.argv[1]))
for kind in ["kex", "key", "enc", "mac"]:
    if not audit[kind]:
        print(f"no algorithm offered as {kind}")
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
    [ "$found" = "$expected" ] || { printf 'FAILED: %s: ssh-audit finds\n%s\ninstead of\n%s\n' "$name" "$found" "$expected"; exit 1; }
    echo "ok: $name: ${found:-ssh-audit finds nothing}"
}

expect strict "" --post-quantum-only
expect default "$known"
