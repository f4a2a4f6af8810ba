#!/usr/bin/env bash
# Makes packages of a program that is built: an archive with a checksum, a Debian package and an RPM, in target/packages.
# Usage: packaging/build.sh PROGRAM [TARGET]   [default: the target that the program says it is for]
# Installs cargo-deb and cargo-generate-rpm if they are missing. SOURCE_DATE_EPOCH sets the times in the archive.
set -euo pipefail

program=$(realpath "${1:?usage: packaging/build.sh PROGRAM [TARGET]}")
cd "$(dirname "$0")/.."
# Without optimisation they are built in a third of the time.
command -v cargo-deb >/dev/null ||
    cargo install --quiet --locked --debug cargo-deb@3.8.0 --no-default-features --features gzip
command -v cargo-generate-rpm >/dev/null || cargo install --quiet --locked --debug cargo-generate-rpm@0.21.1

version=$("$program" --version | sed -n 's/^dialtree //p')
target=${2:-$("$program" --version --verbose | sed -n 's/^target: //p')}
stage=target/staging out=target/packages
rm -rf "$stage" "$out"
mkdir -p "$out"

# The files of a prefix, as packages and the archive have them.
install -D -m 755 "$program" "$stage/bin/dialtree"
man=$stage/share/man/man1
mkdir -p "$man"
"$program" man >"$man/dialtree.1"
commands=$("$program" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
for command in $commands; do "$program" man "$command" >"$man/dialtree-$command.1"; done
gzip -9n "$man"/*
completions() { mkdir -p "$(dirname "$stage/share/$2")" && "$program" completions "$1" >"$stage/share/$2"; }
completions bash bash-completion/completions/dialtree
completions zsh zsh/site-functions/_dialtree
completions fish fish/vendor_completions.d/dialtree.fish
install -D -m 644 -t "$stage/share/doc/dialtree" README.md CHANGELOG.md LICENSE LICENSES.md
install -D -m 644 data/vectors/LICENSES.md "$stage/share/doc/dialtree/data/vectors/LICENSES.md"

# The archive installs into /usr/local, as the unit says; packages install into /usr.
name=dialtree-$version-$target
cp -r "$stage" "$out/$name"
cp packaging/install.sh "$out/$name/"
cp -r packaging/dialtree.service packaging/dialtree.socket packaging/sysusers.conf "$out/$name/share/doc/dialtree/"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}" \
    -C "$out" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
rm -r "${out:?}/$name"

sed 's|/usr/local/bin/|/usr/bin/|; s|/etc/systemd/system/|/usr/lib/systemd/system/|' packaging/dialtree.service >"$stage/dialtree.service"
cargo deb --quiet --no-build --no-strip --compress-system --output "$out/"
cargo generate-rpm --payload-compress gzip --output "$out/"

(cd "$out" && sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
