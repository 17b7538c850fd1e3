#!/usr/bin/env python3
"""Uses one output directory for many runs, with its owner, root, a spreadsheet, copies, full disks and kills.

usage: lived_in.py BINARY [--rounds N] [--seed S]

Needs root, else exits 98: the directory belongs to an ordinary user, and root and a third user run the program in it too. After
every run the files of people in the directory and their changes of history.csv must be unchanged. An unhindered run, whatever a
kill or a full disk left before, must send requests, publish a sound snapshot, leave a row for every published run and the link
`latest`, warn of obstacles at the paths of these two, give all files to the owner of the directory, and leave nothing else. A
run of the third user must mention chown and change nothing. Prints a line per round, then the findings; exits 1 if there are
any. The disk that fills up is a tmpfs in a separate mount namespace.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from lived_in_acts import ACTS, People
from lived_in_checks import Checks
from lived_in_home import Home
from lived_in_runs import RUNS, Runs, Sandbox

SUBSCRIBERS = 600


def dealt(draw, cards):
    """Deals cards forever: the whole pack, shuffled again each time."""
    while True:
        yield from draw.sample(cards, len(cards))


def live(home, sandbox, draw, rounds, can_fill):
    """Makes two undisturbed runs, then disturbed ones, then two undisturbed runs; returns the findings."""
    people, runs, checks = People(home, draw), Runs(home, sandbox.host, draw), Checks(home, sandbox)
    acts, kinds = dealt(draw, ACTS), dealt(draw, [kind for kind in RUNS if can_fill or kind != "full disk"])
    for number in range(1, rounds + 1):
        act, kind = next(acts), next(kinds)
        checks.round = f"round {number}"
        if number <= 2:
            time.sleep(1 - time.time() % 1)  # the second run is timed, and must not wait until the second of the first has passed
            act, kind = "nothing", "by the owner"
        elif number == 3:
            if len(home.snapshots()) < 2:
                checks.say("the first two runs did not leave two snapshots")
                return checks.problems
            people.settle_in()
        elif number > rounds - 2:
            for name in sorted(home.obstacles):
                people.clear(name)
            act, kind = "nothing", "by root" if number == rounds - 1 else "by the owner"
        act, had = people.act(act, number), len(checks.problems)
        checks.round = f"round {number} ({act}; {kind})"
        before = checks.before()
        outcome = runs.one(kind)
        checks.check(outcome, before)
        if number == 2:
            runs.usual_duration = runs.last_duration
        bad = len(checks.problems) - had
        print(f"round {number}: {act}; {outcome.words}: exit {outcome.code}{f', {bad} wrong' if bad else ''}", flush=True)
        if not checks.can_read_table:
            return checks.problems
    checks.round = "in the end"
    checks.say(*(f"{name} is left" for name in sorted(checks.left_in_work())))
    return checks.problems


def campaign(binary, folder, rounds, seed, can_mount):
    """Prepares the list, the disk and the sandbox, and makes the runs; returns the findings."""
    os.chmod(folder, 0o755)
    # The ordinary user may not have access to the binary, and a build may replace it during the campaign.
    binary = shutil.copy(binary, folder + "/viber-rollcall")
    draw = random.Random(seed)
    ids = [f"id/{number}/{draw.randrange(1 << 40):010x}==" for number in range(SUBSCRIBERS)]
    for name, lines in (("list.csv", ["id", *ids]), ("ids", ids)):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    disk, size = folder + "/disk", f"size={max(24, rounds // 4)}m,mode=755"
    os.mkdir(disk, 0o755)
    can_fill = can_mount and subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk]).returncode == 0
    if not can_fill:
        print("no tmpfs can be mounted, so the disk is never full")
    sandbox = Sandbox(binary, SUBSCRIBERS)
    try:
        return live(Home(folder, draw), sandbox, draw, rounds, can_fill)
    finally:
        sandbox.stop()
        if can_fill:
            subprocess.run(["umount", disk], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("needs root")
        sys.exit(98)
    # Not every machine allows a mount namespace.
    if not options.inside and subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode == 0:
        os.execvp("unshare", ["unshare", "-m", sys.executable, "-B", os.path.abspath(__file__), *sys.argv[1:], "--inside"])
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as folder:
        wrong = campaign(
            os.path.abspath(options.binary), os.path.realpath(folder), options.rounds, options.seed, options.inside)
    for line in wrong:
        print(line)
    print(f"{len(wrong)} things went wrong" if wrong else "nothing went wrong")
    sys.exit(1 if wrong else 0)


main()
