#!/usr/bin/env python3
"""Counts the instructions per id of each hot path with valgrind's callgrind, and compares them with the limits.

usage: instructions.py HOT-PATH [--record] [NAME...]

HOT-PATH is the program of that name, a release build. Unlike times, instructions do not depend on the load of the machine.
The limits are in instructions.tsv: 15 % more than --record counted. Only user code counts, as the difference of two runs, so
that neither the kernel nor the start counts. Exits 1 if a path takes more.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ALLOWED = os.path.join(HERE, "instructions.tsv")
MARGIN = 1.15
# The number of ids; small, since each run makes its files again. Spooling examines the first thousand cells of a list before
# it reads it, which costs about 2.6 million instructions for any list, so it gets ten times as many ids.
IDS, SPOOLED_IDS = "2000", "20000"


def size(name):
    return SPOOLED_IDS if name.startswith("spool") else IDS


def count(program, name, times):
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", program, size(name), name, str(times)],
            capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"{name}: valgrind ended with {done.returncode}\n{done.stderr[-2000:]}")
    return int(found.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", metavar="HOT-PATH")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        # This valgrind cannot read Swift's debug information.
        program = directory + "/hot-path"
        subprocess.run(["strip", "-o", program, arguments.program], check=True)
        return compare(program, arguments)


def compare(program, arguments):
    paths = {}
    for ids in (IDS, SPOOLED_IDS):
        listed = subprocess.run([program, ids], capture_output=True, text=True, check=True).stdout.splitlines()
        found = {name: int(count) for count, name in (line.split("\t") for line in listed)}
        paths.update({name: count for name, count in found.items() if size(name) == ids})
    with open(ALLOWED, encoding="utf-8") as file:
        allowed = {name: int(limit) for name, limit in (line.rstrip("\n").split("\t") for line in file)}
    is_good = True
    for name in arguments.names or paths:
        taken = (count(program, name, 3) - count(program, name, 1)) / 2 / paths[name]
        limit = allowed.get(name)
        is_over = not arguments.record and (limit is None or taken > limit)
        is_good &= not is_over
        print(f"{name}: {taken:,.0f} instructions per id, limit {limit or 'none'}"
              f"{', too many' if is_over else ''}", flush=True)
        allowed[name] = round(taken * MARGIN) if arguments.record else limit
    if arguments.record:
        with open(ALLOWED, "w", encoding="utf-8") as file:
            file.writelines(f"{name}\t{allowed[name]}\n" for name in paths)
    elif not arguments.names and set(allowed) != set(paths):
        sys.exit(f"instructions.tsv and the program do not name the same paths: {sorted(set(allowed) ^ set(paths))}")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
