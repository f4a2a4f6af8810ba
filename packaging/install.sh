#!/bin/sh
# Installs dialtree from the archive that this script is in.
# Usage: ./install.sh [PREFIX]   [default: /usr/local, or ~/.local unless run by root]
# To remove it again: ./install.sh --remove [PREFIX]
set -eu

cd "$(dirname "$0")"
remove=false
if [ "${1:-}" = --remove ]; then
    remove=true
    shift
fi
if [ "$(id -u)" = 0 ]; then prefix=${1:-/usr/local}; else prefix=${1:-$HOME/.local}; fi

# The archive has the folders of the prefix.
find bin share -type f | while read -r file; do
    if $remove; then
        rm -f "$prefix/$file"
    else
        mode=644
        [ "${file%%/*}" != bin ] || mode=755
        mkdir -p "$prefix/$(dirname "$file")"
        # A program that runs is replaced, not written to.
        cp "$file" "$prefix/$file.new"
        chmod "$mode" "$prefix/$file.new"
        mv "$prefix/$file.new" "$prefix/$file"
    fi
done
if $remove; then
    rmdir "$prefix/share/doc/dialtree" 2>/dev/null || true
    echo "removed dialtree from $prefix"
else
    echo "installed dialtree in $prefix/bin; try: dialtree doctor"
    case ":$PATH:" in
        *":$prefix/bin:"*) ;;
        *) echo "add $prefix/bin to PATH" ;;
    esac
fi
