#!/usr/bin/env bash
# Installs the program as a new user would: from the package that is published, in a new CARGO_HOME. So the package is
# complete. What is compiled is kept in the target folder.
# Usage: tests/install.sh ROOT   (the program is then ROOT/bin/dialtree)
set -euo pipefail

root=$(realpath -m "${1:?usage: tests/install.sh ROOT}")
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
# The largest package, in bytes: the data for search by meaning take three quarters of it.
max_size=4500000

cargo package --locked --no-verify --allow-dirty --quiet
crate=$target/package/dialtree-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1).crate
size=$(stat -c %s "$crate")
[ "$size" -le "$max_size" ] || { echo "FAILED: the package has $size bytes"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xzf "$crate" -C "$folder"
source=$folder/$(basename "$crate" .crate)
for file in LICENSE LICENSES.md data/vectors/LICENSES.md Cargo.lock; do
    [ -s "$source/$file" ] || { echo "FAILED: the package lacks $file"; exit 1; }
done
CARGO_HOME=$folder/cargo cargo install --locked --quiet --path "$source" --root "$root" --target-dir "$target"

# A package knows its commit without a repository.
commit=$("$root/bin/dialtree" --version --verbose | sed -n 's/^commit: //p')
[ "$commit" = "$(git rev-parse HEAD)" ] || { echo "FAILED: the program names the commit $commit"; exit 1; }
[ "$("$root/bin/dialtree" find --plain commission | wc -l)" -ge 1 ] || { echo "FAILED: it finds nothing"; exit 1; }
echo "ok: $(tar -tzf "$crate" | wc -l) files in $size bytes, installed with a new CARGO_HOME"
