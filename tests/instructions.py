#!/usr/bin/env python3
"""Counts the instructions of a start, a key and a command, and compares them with those recorded.

    tests/instructions.py target/release/dialtree           compare; fails where one differs by more than 3 %
    tests/instructions.py target/release/dialtree --record  replace the recorded numbers

Times differ from run to run, instructions do not: they are counted by valgrind's callgrind. They depend on the compiler,
whose version is recorded too.
"""

import fcntl
import json
import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios

RECORD = pathlib.Path(__file__).parent.parent / "benches" / "instructions.json"
TOLERANCE = 0.03
AT = "2026-11-23T10:42:00-08:00"
DOWN = "\x1b[B"
KEY_COUNT = 8
# Seconds without output after which a frame is complete; callgrind runs about 50 times slower than the processor.
QUIET = 1.0


def environment(home):
    return {
        "HOME": home,
        "LANG": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "TZ": "America/Los_Angeles",
    }


def callgrind(program, *arguments):
    return ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "--at", AT, *arguments]


def counted(output):
    return int(re.search(rb"Collected : (\d+)", output)[1])


def command(program, home, *arguments):
    """The instructions of a command."""
    run = subprocess.run(callgrind(program, *arguments), env=environment(home), capture_output=True, check=True)
    return counted(run.stderr)


def navigator(program, home, keys):
    """The instructions of the navigator in a terminal of 120 x 40 cells, from the start to Ctrl-Q."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        words = callgrind(program)
        os.execvpe(words[0], words, environment(home))
    output = b""
    for key in [None, *keys, "\x11"]:
        if key:
            os.write(terminal, key.encode())
        output += read(terminal, first_wait=None if key is None else QUIET)
    output += read(terminal, first_wait=QUIET)
    os.waitpid(child, 0)
    return counted(output)


def read(terminal, first_wait):
    """What is written until the terminal is quiet. Without `first_wait`, a frame is waited for."""
    output = b""
    while True:
        complete = first_wait is not None or b"Medicare" in output
        if not select.select([terminal], [], [], QUIET if complete else 60)[0]:
            return output
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:  # The program has ended.
            return output
        if not data:
            return output
        output += data


def measure(program):
    with tempfile.TemporaryDirectory() as home:
        audience = navigator(program, home, ["2"])
        keys = navigator(program, home, ["2", *[DOWN] * KEY_COUNT])
        return {
            "start": navigator(program, home, []),
            "key": (keys - audience) // KEY_COUNT,
            "find commission": command(program, home, "find", "commission"),
            "--version": command(program, home, "--version"),
        }


def main():
    program, *options = sys.argv[1:]
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, check=True, text=True).stdout.strip()
    counts = measure(os.path.abspath(program))
    if options == ["--record"]:
        RECORD.write_text(json.dumps({"rustc": rustc, "instructions": counts}, indent=4) + "\n")
        return
    recorded = json.loads(RECORD.read_text())
    differ = False
    for name, count in counts.items():
        ratio = count / recorded["instructions"][name]
        differs = abs(ratio - 1) > TOLERANCE
        differ |= differs
        print(f"{name:16} {count:>12,} {ratio:.3f}{'  differs from the record' if differs else ''}")
    if differ:
        sys.exit(
            f"recorded with {recorded['rustc']}, counted with {rustc}; "
            "if the change is meant, record it with --record and say why in the commit"
        )


main()
