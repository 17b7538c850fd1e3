#!/usr/bin/env python3
"""Runs prune-list on random histories and compares its results with those of prune_oracle.py.

usage: prune_histories.py BINARY [--rounds N] [--seed S] [--only ROUND] [--keep DIRECTORY]
                          [--without OPTION]...

Prints each disagreement, and at the end the number of histories with the right result. --only repeats one round, and --keep
keeps the directories of disagreements in DIRECTORY. Times are relative to now, so a repeated round has the same history at other
times. --without omits an option of prune-list (such as max-listed) in all rounds. Exits 1 if the two disagree anywhere, or if
the results of the histories are too one-sided.
"""

import argparse
import collections
import concurrent.futures
import csv
import io
import os
import random
import shutil
import subprocess
import tempfile
import time

from prune_damage import DAMAGE, whole
from prune_draw import draw_history, first_of_window, options_of
from prune_mischief import MISCHIEF, target
from prune_oracle import judge

HEADER = ["id", "first_unavailable_at", "runs"]


def build(output, draw, now):
    """Makes a history in a directory. Returns the options, and the changes made to the history."""
    snapshots = draw_history(draw, now)
    options = options_of(draw, snapshots)
    done = []
    chosen = draw.choices(["sound", "damage"], [2, 3], k=draw.choice([1, 1, 2])) if draw.random() < 0.55 else []
    first = first_of_window(snapshots, options)
    for _ in range(chosen.count("sound")):
        done.append(draw.choice(MISCHIEF)(draw, snapshots, first, now))
    first = first_of_window(snapshots, options)
    for snapshot in snapshots:
        if not os.path.exists(os.path.join(output, snapshot.directory)):
            snapshot.write(output)
    os.symlink(snapshots[-1].directory, os.path.join(output, "latest"))
    with open(os.path.join(output, "history.csv"), "w", encoding="utf-8") as file:
        file.write("run_id\n")
    for _ in range(chosen.count("damage")):
        paths = whole(output)
        if paths:
            path = os.path.join(output, snapshots[target(draw, snapshots, first)].directory)
            path = path if path in paths else draw.choice(paths)
            done.append(f"{os.path.basename(path)}: {draw.choice(DAMAGE)(draw, path, paths)}")
    return options, done


def said(output):
    """The rows on standard output as a list, or None if they are malformed."""
    lines = list(csv.reader(io.StringIO(output, newline="")))
    if not lines:
        return []
    if not set(HEADER) <= set(lines[0]):
        return None
    indexes = [lines[0].index(name) for name in HEADER]
    if any(len(line) != len(lines[0]) for line in lines):
        return None
    return [tuple(line[index] for index in indexes) for line in lines[1:]]


def run_round(binary, seed, number, keep, without):
    """Returns (the result of the oracle, whether the list was not empty, a disagreement or None)."""
    for attempt in range(50):
        draw = random.Random(f"{seed}/{number}/{attempt}")
        output = tempfile.mkdtemp(prefix="prune-")
        try:
            now = int(time.time())
            options, done = build(output, draw, now)
            options = {name: value for name, value in options.items() if name.replace("_", "-") not in without}
            right = judge(output, now, **options)
            if right.tie:
                continue
            words = [word for name, value in options.items() for word in ("--" + name.replace("_", "-"), str(value))]
            asked = subprocess.run([binary, "prune-list", "--output-dir", output, *words], capture_output=True,
                                   timeout=60, check=False)
            text = asked.stdout.decode("utf-8", "replace")
            rows = said(text)
            expected = [(key, since, str(runs)) for key, since, runs in right.rows]
            agree = asked.returncode == right.code and rows == expected and (right.code or text)
            if agree:
                return right.code, bool(right.rows), None
            unusable = ", ".join(f"{name} ({kind})" for name, kind in right.unusable.items())
            report = [f"DISAGREEMENT in round {number} of seed {seed}; options: {' '.join(words) or 'none'}",
                      f"  done: {'; '.join(done) or 'nothing'}; unusable: {unusable or 'none'}",
                      f"  oracle: {right.code} {right.reason}, {len(expected)} ids",
                      f"  binary: {asked.returncode}, {'no list' if rows is None else f'{len(rows)} ids'}"]
            if asked.returncode == right.code == 0 and rows is not None:
                report.append(f"  only the oracle lists {sorted(set(expected) - set(rows))[:4]}")
                report.append(f"  only the binary lists {sorted(set(rows) - set(expected))[:4]}")
                report.append("  (the same rows in another order)" if sorted(rows) == sorted(expected) else "")
            report.append("  stderr: " + asked.stderr.decode("utf-8", "replace").strip().replace("\n", "\n          "))
            if keep:
                kept = os.path.join(keep, f"round-{number}")
                shutil.copytree(output, kept, symlinks=True)
                report.append(f"  kept in {kept}")
            return right.code, bool(right.rows), "\n".join(line for line in report if line)
        finally:
            shutil.rmtree(output)
    return None, False, f"round {number} of seed {seed}: no history without a tie"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep")
    parser.add_argument("--without", action="append", default=[])
    options = parser.parse_args()
    rounds = range(options.rounds) if options.only is None else [options.only]
    codes, lists, right = collections.Counter(), 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(run_round, os.path.abspath(options.binary), options.seed, number, options.keep,
                             options.without) for number in rounds]
        for call in calls:
            code, listed, wrong = call.result()
            codes[code] += 1
            lists += listed
            right += wrong is None
            if wrong:
                print(wrong, flush=True)
    total = len(rounds)
    print(f"{right} of {total} histories right; by exit code:",
          ", ".join(f"{code}: {count}" for code, count in sorted(codes.items(), key=str)), f"(lists with ids: {lists})")
    one_sided = lists < 0.15 * total or codes[65] < 0.05 * total or codes[4] < 0.15 * total
    if one_sided and options.only is None:
        print("the histories are too one-sided: at least 15 % must end with ids, 5 % with 65, and 15 % with 4")
        return 1
    return 0 if right == total else 1


if __name__ == "__main__":
    raise SystemExit(main())
