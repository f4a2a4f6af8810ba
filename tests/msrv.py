#!/usr/bin/env python3
"""Checks that no crate needs a newer Rust than this one says it does (`rust-version` in Cargo.toml).

Reads the output of `cargo metadata --format-version 1` from standard input.
"""

import json
import sys


def version(text):
    return ([int(number) for number in text.split(".")] + [0, 0])[:3]


packages = json.load(sys.stdin)["packages"]
own = next(package["rust_version"] for package in packages if package["source"] is None and package["name"] == "dialtree")
newer = [
    f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
    for package in packages
    if package["rust_version"] and version(package["rust_version"]) > version(own)
]
print("\n".join(newer) or f"ok: {len(packages)} packages build with Rust {own}, as far as they say")
sys.exit(bool(newer))
