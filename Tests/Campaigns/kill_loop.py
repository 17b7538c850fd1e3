#!/usr/bin/env python3
"""Kills runs with SIGKILL at random moments and restarts them until they are done.

usage: kill_loop.py BINARY [--rounds N] [--seed S] [--faults]

Each round has its own list. After every kill the spool and the answer file are read here, without code of the program: an id
with a valid record of a definite answer is durably answered, and no later request may contain it. At the end every id must have
the sandbox's status. With --faults the list is random too (CSV, gzip, SQLite; unusual ids, duplicates, rows without an id), and
the API has random faults: then an id may end without an answer, but never with a wrong one. Prints a line per round; exits 1 if
a round failed.
"""

import argparse
import glob
import gzip
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib

CHECKER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Checkers", "check_snapshot.py")
TOKEN = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
DEFINITE = (0, 1, 2, 4)
# Exit codes of a run that stopped early and can be resumed: unreachable, throttled, protocol errors.
STOPS = (69, 75, 76)


def spooled(path):
    """The ids of a spool: a header, then for each id one byte with its length, and its bytes."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:8] != b"VRSPOOL1":
        return []
    ids, offset = [], 8
    while offset < len(content):
        end = offset + 1 + content[offset]
        if end > len(content):
            break
        ids.append(content[offset + 1:end])
        offset = end
    return ids


def answered(work):
    """Ids with a valid record of a definite answer: 32 bytes per id, at offset 4 the CRC-32 of the id and the other 28 bytes."""
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


def requested(log, since):
    """The ids of the requests that the sandbox logged after a line number, and the number of lines."""
    with open(log, "rb") as file:
        lines = file.read().split(b"\n")[:-1]
    ids = [identifier.encode() for line in lines[since:] for identifier in json.loads(line)["ids"]]
    return ids, len(lines)


class Plain:
    """A round without faults of the list and the API."""

    def __init__(self, draw):
        self.ids = [f"id/{number}/{draw.randrange(1 << 40):010x}==" for number in range(draw.randrange(1_000, 4_000))]
        self.sandbox, self.poison, self.column = ["--latency", "20ms"], set(), []
        self.what = "plain"

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            file.write("id\n" + "".join(identifier + "\n" for identifier in self.ids))


class Faulty:
    """A round with a random source and random faults of the API."""

    ODD = ["é", "e\u0301", "日本", "😀", "a,b", 'a"b', "a/b", "=1+1", "+x", "a\\b", "x y", "\ufeffz"]
    MORE = ["status-12@/7", "http-429:1@~9", "swapped@~10", "replayed@~12", "missing@~3", "conflict@~4", "reset-peer@~6"]

    def __init__(self, draw):
        wanted = draw.choice([1, 99, 100, 101, draw.randrange(2, 600), draw.randrange(600, 2_000), draw.randrange(600, 2_000)])
        self.cells = []
        for number in range(wanted):
            odd = draw.choice(self.ODD) if draw.random() < 0.08 else "-"
            self.cells.append(f"{number}{odd}{draw.randrange(1 << 40):x}")
            if draw.random() < 0.1:
                self.cells.append(draw.choice([draw.choice(self.cells), "", "x" * 300]))
        self.ids = list(dict.fromkeys(cell for cell in self.cells if 0 < len(cell.encode()) <= 128))
        self.kind = draw.choice(["csv", "gzip", "sqlite"])
        self.column = ["--column", "id"]  # too many of the ids are unusual for the column to be recognised
        faults = [f"any@~{draw.randrange(4, 30)}"] + [fault for fault in self.MORE if draw.random() < 1 / 6]
        self.poison = {draw.choice(self.ids)} if draw.random() < 0.2 else set()
        self.sandbox = ["--latency", "10ms", "--seed", str(draw.randrange(1 << 30))]
        self.sandbox += [word for fault in faults for word in ("--fault", fault)]
        self.sandbox += ["--poison=" + identifier for identifier in self.poison]
        if draw.random() < 0.1:
            self.sandbox += ["--most-ids", "50"]
        self.what = f"{len(self.ids)} ids, {self.kind}, {' '.join(faults)}{', poison' if self.poison else ''}"

    def write(self, path):
        if self.kind == "sqlite":
            with sqlite3.connect(path) as database:
                database.execute("CREATE TABLE users (nr INTEGER PRIMARY KEY, id TEXT)")
                database.executemany("INSERT INTO users (id) VALUES (?)", [(cell,) for cell in self.cells])
            database.close()
            return
        lines = ["nr,id\n"] + [f'{number},"{cell.replace(chr(34), chr(34) * 2)}"\n' for number, cell in enumerate(self.cells)]
        with (gzip.open if self.kind == "gzip" else open)(path, "wt", encoding="utf-8") as file:
            file.writelines(lines)


def one_round(binary, plan, draw):
    with tempfile.TemporaryDirectory() as folder:
        plan.write(folder + "/list")
        with open(folder + "/ids", "w", encoding="utf-8") as file:
            file.write("".join(identifier + "\n" for identifier in plan.ids))
        sandbox = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--log", folder + "/log"] + plan.sandbox, cwd=folder,
            env={"VIBER_AUTH_TOKEN": TOKEN}, stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline()).group()
            return killed_until_done(binary, plan, draw, folder, url)
        finally:
            sandbox.kill()
            sandbox.wait()


def finished(folder):
    """The directories of finished runs, each with its exit code."""
    found = {}
    for path in glob.glob(folder + "/reports/2*/summary.json"):
        with open(path, encoding="utf-8") as file:
            code = json.load(file)["run"]["exit_code"]
        if code in (0, 3):
            found[os.path.dirname(path)] = code
    return found


def killed_until_done(binary, plan, draw, folder, url):
    command = [binary, "list", *plan.column, "--base-url", url, "--rate", "0", "--concurrency", str(draw.randrange(1, 6)),
               "--settle", "50ms,50ms", "--timeout", "1500ms", "--quiet"]
    durable, seen, kills, stops, ended = set(), 0, 0, 0, 0
    while kills + stops < 100:
        run = subprocess.Popen(command, cwd=folder, env={"VIBER_AUTH_TOKEN": TOKEN},
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            # The time until the kill grows, so that every round ends.
            run.wait(timeout=draw.uniform(0.02, 0.4) * 1.2 ** kills)
        except subprocess.TimeoutExpired:
            run.kill()
        _, error = run.communicate()
        ids, seen = requested(folder + "/log", seen)
        again = durable.intersection(ids)
        if again:
            return f"{len(again)} durably answered ids were requested again, among them {sorted(again)[0]!r}"
        if run.returncode in (0, 3):
            break
        if run.returncode == -9:
            kills += 1
        elif isinstance(plan, Faulty) and run.returncode in STOPS:
            stops += 1
        else:
            return f"exit {run.returncode}: {error}"
        # The next run removes the work files of a run whose snapshot is published, and requests all ids.
        done = {os.path.basename(path).removesuffix("-incomplete") for path in finished(folder)}
        for work in glob.glob(folder + "/reports/.work/2*"):
            if os.path.basename(work) not in done:
                durable |= answered(work)
        now = os.path.realpath(folder + "/reports/latest") if os.path.islink(folder + "/reports/latest") else None
        if now and finished(folder).get(now) != 0:
            return f"latest is {now}, which is not there or not complete"
        if len(finished(folder)) > ended:
            # Killed after its snapshot was published: the next run is a new run, and requests all ids.
            ended, durable = len(finished(folder)), set()
    runs = finished(folder)
    last = max(runs, default=None)
    if last is None or runs[last] != run.returncode:
        return f"exit {run.returncode} after {kills} kills and {stops} stops, and {runs}: {error}"
    checked = subprocess.run(
        [sys.executable, CHECKER, last, "--ids", folder + "/ids", "--sandbox"], capture_output=True, text=True)
    if checked.returncode != 0:
        return checked.stdout + checked.stderr
    if isinstance(plan, Plain) and run.returncode != 0:
        return f"exit 3 without any fault: {error}"
    if plan.poison and run.returncode != 3:
        return "exit 0 although an id cannot be answered"
    left = [name for name in os.listdir(folder + "/reports/.work") if name != ".lock"]
    there = glob.glob(folder + "/reports/2*")
    if left or len(there) != ended + 1:
        return f"left behind: {left}, {there}"
    with open(last + "/summary.json", encoding="utf-8") as file:
        resumed = json.load(file)["run"]["resumed"]
    return (kills, stops, resumed, len(durable), run.returncode)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    options = parser.parse_args()
    total_kills = total_durable = bad = 0
    for number in range(options.seed, options.seed + options.rounds):
        started = time.monotonic()
        draw = random.Random(number)
        plan = (Faulty if options.faults else Plain)(draw)
        outcome = one_round(os.path.abspath(options.binary), plan, draw)
        if isinstance(outcome, str):
            bad += 1
            print(f"round {number}: {plan.what}: WRONG: {outcome}", flush=True)
            continue
        kills, stops, resumed, durable, code = outcome
        total_kills += kills
        total_durable += durable
        print(f"round {number}: {plan.what}: {kills} kills, {stops} stops, resumed {resumed}, {durable} durable, exit {code} "
              f"({time.monotonic() - started:.1f} s)", flush=True)
    print(f"{options.rounds - bad} of {options.rounds} rounds right, {total_kills} kills, {total_durable} ids durable at a kill")
    sys.exit(1 if bad else 0)


main()
