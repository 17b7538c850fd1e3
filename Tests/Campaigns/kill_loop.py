#!/usr/bin/env python3
"""Kills runs with SIGKILL at random moments and runs them again until they are done.

usage: kill_loop.py BINARY [--rounds N] [--seed S]

Each round takes the roll of a list of its own. After every kill the spool and the answer file are read here, by what their
formats say and with no code of the program: an id with a valid record of a definite answer is durably answered, and no later
request may hold it. In the end every id has to have the sandbox's status. Prints a line a round; exits 1 if one went wrong.
"""

import argparse
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zlib

CHECKER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Checkers", "check_snapshot.py")
TOKEN = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
DEFINITE = (0, 1, 2, 4)


def spooled(path):
    """The ids of a spool: a header, then for each its length in a byte and its bytes."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:8] != b"VRSPOOL1":
        return []
    ids, place = [], 8
    while place < len(content):
        end = place + 1 + content[place]
        if end > len(content):
            break
        ids.append(content[place + 1:end])
        place = end
    return ids


def answered(work):
    """Ids with a valid record of a definite answer: 32 bytes an id, CRC-32 of the id and the other 28 bytes at 4."""
    try:
        ids = spooled(work + "/spool")
        with open(work + "/answers", "rb") as file:
            records = file.read()
    except FileNotFoundError:
        return set()
    found = set()
    for number, identifier in enumerate(ids):
        record = records[number * 32:number * 32 + 32]
        if len(record) < 32 or record[0] & 127 != 1:
            continue
        if zlib.crc32(record[8:], zlib.crc32(record[:4], zlib.crc32(identifier))) != int.from_bytes(record[4:8], "little"):
            continue
        if int.from_bytes(record[8:16], "little", signed=True) in DEFINITE:
            found.add(identifier)
    return found


def asked(log, since):
    """The ids of the requests that the sandbox logged after a line number, and how many lines there are now."""
    with open(log, "rb") as file:
        lines = file.read().split(b"\n")[:-1]
    ids = [identifier.encode() for line in lines[since:] for identifier in json.loads(line)["ids"]]
    return ids, len(lines)


def one_round(binary, draw):
    with tempfile.TemporaryDirectory() as folder:
        count = draw.randrange(1_000, 4_000)
        ids = [f"id-{number}-{draw.randrange(1 << 40):x}" for number in range(count)]
        with open(folder + "/list.csv", "w", encoding="utf-8") as file:
            file.write("id\n" + "".join(identifier + "\n" for identifier in ids))
        with open(folder + "/ids", "w", encoding="utf-8") as file:
            file.write("".join(identifier + "\n" for identifier in ids))
        sandbox = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--latency", "20ms", "--log", folder + "/log"], cwd=folder,
            env={"VIBER_AUTH_TOKEN": TOKEN}, stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline()).group()
            return killed_until_done(binary, draw, folder, url)
        finally:
            sandbox.kill()
            sandbox.wait()


def killed_until_done(binary, draw, folder, url):
    command = [binary, "list.csv", "--base-url", url, "--rate", "0", "--concurrency", str(draw.randrange(1, 6)),
               "--settle", "50ms,50ms", "--quiet"]
    durable, seen, kills, finished = set(), 0, 0, 0
    while True:
        run = subprocess.Popen(command, cwd=folder, env={"VIBER_AUTH_TOKEN": TOKEN}, stderr=subprocess.PIPE, text=True)
        try:
            # Later kills come later, so that every round ends.
            run.wait(timeout=draw.uniform(0.02, 0.4) + kills * 0.02)
        except subprocess.TimeoutExpired:
            run.kill()
        _, error = run.communicate()
        ids, seen = asked(folder + "/log", seen)
        again = durable.intersection(ids)
        if again:
            return f"{len(again)} durably answered ids were asked for again, {sorted(again)[0]!r} among them"
        if run.returncode == 0:
            break
        if run.returncode != -9:
            return f"exit {run.returncode}: {error}"
        kills += 1
        for work in glob.glob(folder + "/reports/.work/2*"):
            durable |= answered(work)
        now = os.path.realpath(folder + "/reports/latest") if os.path.islink(folder + "/reports/latest") else None
        whole = [name for name in glob.glob(folder + "/reports/2*") if not name.endswith("-incomplete")]
        if now and now not in whole:
            return f"latest is {now}, which is not there or not complete"
        if len(whole) > finished:
            # Killed when its snapshot was in place: the next run is another one, and asks for everything.
            finished, durable = len(whole), set()
    checked = subprocess.run(
        [sys.executable, CHECKER, folder + "/reports/latest", "--ids", folder + "/ids", "--sandbox"],
        capture_output=True, text=True)
    if checked.returncode != 0:
        return checked.stdout + checked.stderr
    left = [name for name in os.listdir(folder + "/reports/.work") if name != ".lock"]
    runs = [name for name in os.listdir(folder + "/reports") if name.startswith("2")]
    if left or len(runs) != finished + 1:
        return f"left behind: {left}, {runs}"
    resumed = json.load(open(folder + "/reports/latest/summary.json", encoding="utf-8"))["run"]["resumed"]
    return (kills, resumed, len(durable))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    total_kills = total_durable = bad = 0
    for number in range(options.seed, options.seed + options.rounds):
        began = time.monotonic()
        outcome = one_round(os.path.abspath(options.binary), random.Random(number))
        if isinstance(outcome, str):
            bad += 1
            print(f"round {number}: WRONG: {outcome}", flush=True)
            continue
        kills, resumed, durable = outcome
        total_kills += kills
        total_durable += durable
        print(f"round {number}: {kills} kills, resumed {resumed}, {durable} durable ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"{options.rounds - bad} of {options.rounds} rounds right, {total_kills} kills, {total_durable} ids durable at a kill")
    sys.exit(1 if bad else 0)


main()
