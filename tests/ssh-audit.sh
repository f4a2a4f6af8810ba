#!/usr/bin/env bash
# What ssh-audit says of the algorithms that the server offers: no failure and no warning, but for one that is named below.
# Usage: tests/ssh-audit.sh PROGRAM
set -euo pipefail

# ssh-audit warns of every exchange of keys that a quantum computer could undo. The one without that weakness comes first
# in the offer; OpenSSH has it from 9.9 on, and with older clients the other is all that there is.
excused="kex curve25519-sha256: does not provide protection against post-quantum attacks"

program=$(realpath "${1:?usage: tests/ssh-audit.sh PROGRAM}")
for tool in ssh-audit python3; do
    command -v "$tool" >/dev/null || { echo "ssh-audit.sh: $tool is not installed"; exit 1; }
done

folder=$(mktemp -d)
"$program" serve --auth none --listen 127.0.0.1:0 --host-key "$folder/host_key" 2>"$folder/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

end=$((SECONDS + 20))
until grep -qs listening "$folder/log"; do
    [ $SECONDS -lt $end ] || { echo "FAILED: the server does not start"; cat "$folder/log"; exit 1; }
    sleep 0.05
done
port=$(sed -n 's/.*listening.* address="\{0,1\}127.0.0.1:\([0-9]*\).*/\1/p' "$folder/log")

# Its exit code is that of its warnings; what counts is what it says of each algorithm.
timeout 60 ssh-audit --skip-rate-test -j -p "$port" 127.0.0.1 >"$folder/audit.json" || true
python3 - "$folder/audit.json" "$excused" <<'EOF'
import json, sys

audit, excused = json.load(open(sys.argv[1])), sys.argv[2]
offered, found = 0, []
for kind in ["kex", "key", "enc", "mac"]:
    assert audit[kind], f"nothing is offered as {kind}"
    for algorithm in audit[kind]:
        offered += 1
        notes = algorithm["notes"]
        for level in ["fail", "warn"]:
            found += [(level, f"{kind} {algorithm['algorithm']}: {note}") for note in notes.get(level, [])]
wrong = [note for note in found if note != ("warn", excused)]
for level, note in found:
    print(f"{level}: {note}" + ("" if (level, note) in wrong else " (known; see this script)"))
if wrong:
    sys.exit(f"FAILED: ssh-audit finds {len(wrong)} weaknesses that it should not")
print(f"ok: {offered} algorithms are offered, {len(found)} with a known warning, none with another")
EOF
