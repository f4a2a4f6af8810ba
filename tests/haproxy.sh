#!/usr/bin/env bash
# Three servers behind HAProxy, configured as in docs/ssh.md: sessions run on all three, one server is killed, the
# sessions of the others go on, the lost client reconnects, and health checks are not counted as connections.
# Usage: tests/haproxy.sh PROGRAM
set -euo pipefail

program=$(realpath "${1:?usage: tests/haproxy.sh PROGRAM}")
page=$(dirname "$(realpath "$0")")/../docs/ssh.md
for tool in haproxy ssh ssh-keygen script curl; do
    command -v "$tool" >/dev/null || { echo "haproxy.sh: $tool is not installed"; exit 1; }
done

folder=$(mktemp -d)
pids=()
finish() {
    local code=$?
    if [ "$code" -ne 0 ]; then
        tail -n 20 "$folder"/*.log
        echo "FAILED: ${reason:-a command of this script, line $1}"
    fi
    { kill -9 "${pids[@]}" || true; wait; } 2>/dev/null
    rm -rf "$folder"
    exit "$code"
}
trap 'finish $LINENO' EXIT
trap 'exit 1' INT TERM

fail() { reason=$*; exit 1; }
passed() { echo "ok: $*"; }

# until_true WHAT COMMAND...: polls for at most 20 seconds.
until_true() {
    local what=$1 end=$((SECONDS + 20))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || fail "timed out waiting for $what"
        sleep 0.05
    done
}

# number SERVER NAME: the value of a metric.
number() { curl -sf --max-time 5 "http://127.0.0.1:${admin[$1]}/metrics" | sed -n "s/^dialtree_$2 //p"; }
has_number() { [ "$(number "$1" "$2")" = "$3" ]; }
has_more() { [ "$(number "$1" "$2")" -gt "$3" ]; }
sends() { grep -qaF "$2" "$folder/$1.screen"; }
has_only_sessions() { [ "$(number "$1" connections)" = "$(number "$1" sessions)" ]; }
is_ready() { grep -qs 'listening' "$folder/server-$1.log"; }

# One host key for all servers, and one client's key.
ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$folder/broker"

declare -A server listen admin
for name in one two three; do
    "$program" serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --host-key "$folder/host_key" \
        --authorized-keys "$folder/broker.pub" --trusted-proxy 127.0.0.1/32 2>"$folder/server-$name.log" &
    server[$name]=$!
    pids+=($!)
    until_true "server $name" is_ready "$name"
    listen[$name]=$(sed -n 's/.*listening.* address="\{0,1\}127.0.0.1:\([0-9]*\).*/\1/p' "$folder/server-$name.log")
    admin[$name]=$(sed -n 's/.*listening.* admin="\{0,1\}127.0.0.1:\([0-9]*\).*/\1/p' "$folder/server-$name.log")
    [ -n "${listen[$name]}" ] && [ -n "${admin[$name]}" ] || fail "server $name does not log its addresses"
done

# The configuration of docs/ssh.md, with the servers' addresses and a free port.
is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((20000 + RANDOM % 10000))
while is_taken "$port"; do port=$((port + 1)); done
sed -n '/^```haproxy$/,/^```$/p' "$page" | sed -e '/^```/d' \
    -e "s/10.0.0.10:22$/127.0.0.1:$port/" \
    -e "s/10.0.0.11:2222/127.0.0.1:${listen[one]}/" \
    -e "s/10.0.0.12:2222/127.0.0.1:${listen[two]}/" \
    -e "s/10.0.0.13:2222/127.0.0.1:${listen[three]}/" >"$folder/haproxy.cfg"
[ "$(grep -c '127\.0\.0\.1' "$folder/haproxy.cfg")" -eq 4 ] || fail "the configuration in docs/ssh.md has other addresses"
haproxy -c -q -f "$folder/haproxy.cfg" || fail "HAProxy rejects the configuration in docs/ssh.md"
haproxy -db -f "$folder/haproxy.cfg" >"$folder/haproxy.log" 2>&1 &
pids+=($!)
until_true "the port of HAProxy" is_taken "$port"
# The port check was a connection, too. From here on, only health checks are counted.
has_probes() { has_more "$1" probes_total 1; }
for name in one two three; do until_true "two health checks of server $name" has_probes "$name"; done

echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$folder/host_key.pub")" >"$folder/known_hosts"
ssh="ssh -F none -i $folder/broker -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o LogLevel=ERROR
    -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$folder/known_hosts -o ConnectTimeout=10 -p $port"

# open_session NAME: opens a session in a terminal; keys are written to the file descriptor keys[NAME].
declare -A keys session
open_session() {
    mkfifo "$folder/$1.keys"
    TERM=xterm-256color script -qec "stty rows 40 cols 120; exec ${ssh//$'\n'/ } -t broker@127.0.0.1" /dev/null \
        <"$folder/$1.keys" >"$folder/$1.screen" 2>&1 &
    session[$1]=$!
    pids+=($!)
    exec {fd}>"$folder/$1.keys"
    keys[$1]=$fd
    until_true "the session of $1" sends "$1" 'Broker line'
}
# OSC 52, which copies: +18009093447.
copied=$'\e]52;c;KzE4MDA5MDkzNDQ3'
copies() { printf '111\x19' >&"${keys[$1]}"; until_true "the copy of $1" sends "$1" "$copied"; }
quits() {
    printf '\x11' >&"${keys[$1]}"
    wait "${session[$1]}" || fail "the session of $1 exits with $?"
}

# Which client is on which server: HAProxy chooses the one with the fewest connections.
declare -A with
for broker in ann bob cy; do
    open_session "$broker"
    for name in one two three; do
        if [ -z "${with[$name]:-}" ] && has_number "$name" sessions 1; then with[$name]=$broker; fi
    done
done
[ "${#with[@]}" -eq 3 ] || fail "expected one session on each server, found sessions on: ${!with[*]}"
passed "one session on each server: ${with[one]}, ${with[two]} and ${with[three]}"

{ kill -9 "${server[one]}"; wait "${server[one]}" || true; } 2>/dev/null
code=0
wait "${session[${with[one]}]}" || code=$?
[ "$code" -eq 255 ] || fail "the session of the killed server exits with $code instead of 255"
passed "server one was killed and its session ended"
for name in two three; do copies "${with[$name]}"; done
passed "the sessions on the other servers go on: each has copied a number since"

open_session back
copies back
again=$(($(number two sessions) + $(number three sessions)))
[ "$again" -eq 3 ] || fail "the other servers have $again sessions instead of 3"
passed "the client of server one has reconnected, with the same host key"
out=$($ssh broker@127.0.0.1 find --plain commission) || fail "a command exits with $?"
[[ $out == *"press 1, then 1"* ]] || fail "a command prints: $out"
passed "a command runs"

# Health checks go on while sessions are open.
for name in two three; do
    before=$(number "$name" probes_total)
    until_true "more health checks of server $name" has_more "$name" probes_total "$before"
done
opened=0 logins=0
for name in two three; do
    opened=$((opened + $(number "$name" sessions_total)))
    logins=$((logins + $(number "$name" logins_total)))
    until_true "no connection without a session on server $name" has_only_sessions "$name"
    for refused in refused_full refused_address refused_rate refused_proxy logins_refused accept_errors; do
        count=$(number "$name" "${refused}_total")
        [ "$count" -eq 0 ] || fail "server $name: ${refused}_total is $count instead of 0"
    done
done
[ "$opened" -eq 3 ] || fail "the other servers opened $opened sessions instead of 3"
[ "$logins" -eq 4 ] || fail "the other servers count $logins logins instead of 4: three sessions and a command"
passed "health checks are counted as such ($(number two probes_total) and $(number three probes_total)) and as nothing else"

for broker in "${with[two]}" "${with[three]}" back; do quits "$broker"; done
passed "the sessions exit with 0"
