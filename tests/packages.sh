#!/usr/bin/env bash
# Makes the packages of a program. Installs the Debian package, checks its files and its unit, runs the server as the unit
# does, asks it over SSH, and purges it, after which nothing of it may be left. Then checks the RPM and the archive.
# Usage: tests/packages.sh PROGRAM   (as root, on Debian, where dialtree is not installed and port 2222 is free)
set -euo pipefail

program=$(realpath "${1:?usage: tests/packages.sh PROGRAM}")
cd "$(dirname "$0")/.."
for tool in dpkg-deb rpm systemd-analyze systemd-sysusers setpriv prlimit ssh ssh-keygen man zsh fish; do
    command -v "$tool" >/dev/null || { echo "packages.sh: $tool is not installed"; exit 1; }
done
remains() {
    find /etc /usr /var/lib /run -xdev -name '*dialtree*' -not -path '*/dpkg/*' 2>/dev/null
    getent passwd dialtree || getent group dialtree || true
}
[ -z "$(remains)" ] || { printf 'packages.sh: something of dialtree is here already:\n%s\n' "$(remains)"; exit 1; }

folder=$(mktemp -d)
server=
finish() {
    local code=$?
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    if [ "$code" -ne 0 ]; then
        cat "$folder"/server.log 2>/dev/null || true
        echo "FAILED: ${reason:-a command of this script, line $1}"
    fi
    ! dpkg -s dialtree >/dev/null 2>&1 || dpkg --purge dialtree >/dev/null
    rm -rf "$folder"
    exit "$code"
}
trap 'finish $LINENO' EXIT
trap 'exit 1' INT TERM
fail() { reason=$*; exit 1; }
passed() { echo "ok: $*"; }

packaging/build.sh "$program"
deb=$(ls target/packages/*.deb) rpm=$(ls target/packages/*.rpm) archive=$(ls target/packages/*.tar.gz)
version=$("$program" --version | sed -n 's/^dialtree //p')

# The Debian package.
dpkg-deb -x "$deb" "$folder/deb"
files=$(cd "$folder/deb" && find . -not -type d | sed 's/^\.//' | sort)
for file in /usr/bin/dialtree /usr/share/man/man1/dialtree.1.gz /usr/share/man/man1/dialtree-serve.1.gz \
    /usr/share/bash-completion/completions/dialtree /usr/share/zsh/vendor-completions/_dialtree \
    /usr/share/fish/vendor_completions.d/dialtree.fish /usr/lib/systemd/system/dialtree.service \
    /usr/lib/systemd/system/dialtree.socket /usr/lib/sysusers.d/dialtree.conf /etc/dialtree/brokers.pub \
    /usr/share/doc/dialtree/copyright /usr/share/doc/dialtree/changelog.Debian.gz \
    /usr/share/doc/dialtree/data/vectors/LICENSES.md; do
    grep -qxF "$file" <<<"$files" || fail "the Debian package lacks $file; it has $files"
done
grep -q 'WordNet' "$folder/deb/usr/share/doc/dialtree/data/vectors/LICENSES.md" || fail "the notices are missing"
[ "$(dpkg-deb -f "$deb" Version | cut -d- -f1)" = "$version" ] || fail "the package has another version than $version"
passed "the Debian package has $(wc -l <<<"$files") files"

dpkg -i "$deb" >"$folder/dpkg.log" 2>&1 || fail "dpkg -i: $(cat "$folder/dpkg.log")"
[ "$(command -v dialtree)" = /usr/bin/dialtree ] || fail "another dialtree comes first in PATH"
dialtree doctor >"$folder/doctor" || fail "dialtree doctor: $(cat "$folder/doctor")"
for page in "$folder"/deb/usr/share/man/man1/*; do
    man -l -Tascii "$page" 2>"$folder/man" | grep "dialtree $version" >/dev/null || fail "$page has another version"
    [ ! -s "$folder/man" ] || fail "$page: $(cat "$folder/man")"
done
bash -c '. /usr/share/bash-completion/completions/dialtree && complete -p dialtree' >/dev/null || fail "bash: no completions"
fish -c 'complete -C "dialtree doc"' | grep "^doctor" >/dev/null || fail "fish: no completions"
zsh -fc "fpath=(/usr/share/zsh/vendor-completions \$fpath); autoload -Uz compinit; compinit -u -d $folder/dump; [[ \${_comps[dialtree]} == _dialtree ]]" ||
    fail "zsh: no completions"
passed "man pages and completions of bash, zsh and fish"

# The unit.
unit=/usr/lib/systemd/system/dialtree.service
words() { sed -e ':a' -e '/\\$/{N;s/ *\\\n */ /;ba' -e '}' "$unit" | sed -n "s/^$1=//p"; }
systemd-analyze verify "$unit" /usr/lib/systemd/system/dialtree.socket || fail "systemd-analyze verify"
systemd-analyze security --offline=true --threshold=20 "$unit" >"$folder/security" || fail "$(tail -n 3 "$folder/security")"
# The program prints the same unit for the same options.
read -r -a command <<<"$(words ExecStart)"
printed=$("${command[@]}" --print-unit)
own() { sed -e ':a' -e '/\\$/{N;s/ *\\\n */ /;ba' -e '}' | grep -v '^#\|^ExecStartPre'; }
diff <(own <"$unit") <(own <<<"$printed") || fail "dialtree serve --print-unit prints another unit"
passed "the unit is valid and the one that dialtree prints; exposure $(sed -n 's/.*Overall exposure level for [^:]*: \([0-9.]*\).*/\1/p' "$folder/security") of 10"

# The server, as the unit runs it: as its user, with its state folder, without capabilities, with its limits.
user=$(sed -n 's/^User=//p' "$unit")
getent passwd "$user" >/dev/null || fail "there is no user $user"
install -d -m 700 -o "$user" -g "$user" /var/lib/dialtree
ssh-keygen -q -t ed25519 -N '' -f "$folder/broker"
as_unit() {
    umask 077
    cd /
    exec prlimit --nofile=4096 --core=0 setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \
        --inh-caps=-all --bounding-set=-all env -i PATH=/usr/bin "$@"
}
read -r -a check <<<"$(words ExecStartPre)"
! (as_unit "${check[@]}") >"$folder/check" 2>&1 || fail "the server would start without a key: $(cat "$folder/check")"
cat "$folder/broker.pub" >>/etc/dialtree/brokers.pub
(as_unit "${check[@]}") >"$folder/check" 2>&1 || fail "ExecStartPre: $(cat "$folder/check")"
(as_unit "${command[@]}") 2>"$folder/server.log" &
server=$!
end=$((SECONDS + 20))
until grep -qs listening "$folder/server.log"; do
    if [ $SECONDS -ge $end ] || ! kill -0 "$server"; then fail "the server does not start"; fi
    sleep 0.05
done
answer=$(ssh -F none -i "$folder/broker" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes \
    -o LogLevel=ERROR -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile="$folder/known_hosts" -o ConnectTimeout=10 \
    -p 2222 localhost find commission)
[[ $answer == *1-800-909-3447* ]] || fail "find commission answers: $answer"
kill -TERM "$server"
code=0
wait "$server" || code=$?
[ "$code" -eq 0 ] || fail "the server exits with $code"
server=
passed "from dpkg -i to ssh -p 2222 localhost find commission, as $user"

dpkg --purge dialtree >"$folder/dpkg.log" 2>&1 || fail "dpkg --purge: $(cat "$folder/dpkg.log")"
[ -z "$(remains)" ] || fail "after the purge there is still: $(remains)"
passed "nothing is left after the purge"

# The RPM has the same files, but for the folders in which Fedora has completions of zsh and licences.
rpm=$(realpath "$rpm")
query() { rpm --dbpath "$folder/rpmdb" -qp "$@" "$rpm" 2>/dev/null; }
missing=$(comm -23 <(sed 's|/zsh/vendor-completions/|/zsh/site-functions/|' <<<"$files" | grep -v '^/usr/share/doc' | sort) <(query --list | sort))
[ -z "$missing" ] || fail "the RPM lacks $missing"
[ "$(query --configfiles)" = /etc/dialtree/brokers.pub ] || fail "the RPM has other configuration files: $(query --configfiles)"
[ "$(query --queryformat '%{VERSION}')" = "$version" ] || fail "the RPM has another version than $version"
query --list | grep '^/usr/share/licenses/dialtree/data/vectors/LICENSES.md$' >/dev/null || fail "the RPM lacks the notices"
passed "the RPM has $(query --list | wc -l) files"

# The archive.
(cd target/packages && sha256sum --quiet --check SHA256SUMS) || fail "a checksum is wrong"
tar -xzf "$archive" -C "$folder"
unpacked=$folder/$(basename "$archive" .tar.gz)
"$unpacked/install.sh" "$folder/prefix" >/dev/null
"$folder/prefix/bin/dialtree" find --plain commission | grep 1-800-909-3447 >/dev/null || fail "the program of the archive does not run"
[ -f "$folder/prefix/share/doc/dialtree/data/vectors/LICENSES.md" ] || fail "the archive lacks the notices"
"$unpacked/install.sh" --remove "$folder/prefix" >/dev/null
left=$(find "$folder/prefix" -type f)
[ -z "$left" ] || fail "after the removal there is still: $left"
passed "$(basename "$archive") installs and is removed again"
