#!/usr/bin/env python3
"""Measures the figures of speed and memory in docs/performance.md, with nothing but the program and its own sandbox.

usage: figures.py VIBER-ROLLCALL HOT-PATH [--reps N] [--large]

Prints a table of measures, the median of N runs (default 5), and the goal if there is one. The sandbox uses most of the
two cores, so the elapsed time says little about the program; its CPU time, its memory and the times of its stages do. With
--large it also measures a list of ten million ids, which takes minutes. Exits 1 if a goal is missed.
"""

import argparse
import base64
import glob
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
TOKEN = "figures-figures-figures"


def identifiers(count):
    """Synthetic ids of 24 characters, the same each time, in lists of a thousand.

    The memory of this process when it starts another counts as the other's, so it must stay small.
    """
    for part in range(count // 1000):
        data = hashlib.shake_128(f"figures {part}".encode()).digest(16 * 1000)
        yield [base64.b64encode(data[at:at + 16]) for at in range(0, len(data), 16)]


def write_csv(path, count):
    with open(path, "wb") as file:
        file.write(b"id\n")
        for names in identifiers(count):
            file.write(b"\n".join(names) + b"\n")
    return path


def write_sqlite(path, count):
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE subscribers (id TEXT PRIMARY KEY)")
        for names in identifiers(count):
            database.executemany("INSERT INTO subscribers VALUES (?)", ((name.decode(),) for name in names))
    database.close()
    return path


def run(*command, **environment):
    """Wall and CPU seconds, and the peak memory in MiB, of a command that must succeed."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ, **environment))
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"exit {process.returncode}: {' '.join(command)}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * 1024 / MIB}


class Sandbox:
    def __init__(self, program, *options):
        command = [program, "sandbox", "--port", "0", "--try-later", "0", *options]
        environment = dict(os.environ, VIBER_AUTH_TOKEN=TOKEN)
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self.process.stdout.readline().split()[4]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


class Figures:
    def __init__(self, program, hot_path, reps, directory):
        self.program, self.hot_path, self.reps, self.directory = program, hot_path, reps, directory
        self.rows = []

    def add(self, what, value, unit="", goal=None, most=True):
        """Adds a row. `goal` is the maximum of the value, or the minimum if not `most`."""
        is_met = goal is None or (value <= goal if most else value >= goal)
        text = "" if goal is None else f"{'at most' if most else 'at least'} {goal:,g}{unit}{'' if is_met else ' (missed)'}"
        self.rows.append((what, f"{value:,.3g}{unit}" if value < 1000 else f"{value:,.0f}{unit}", text, is_met))
        print(f"{what}: {self.rows[-1][1]} {text}", file=sys.stderr)

    def roll_call(self, source, url, *options):
        """Time and memory of a roll call, and the times of its stages."""
        output = self.directory + "/reports"
        shutil.rmtree(output, ignore_errors=True)
        os.sync()
        took = run(self.program, source, "--base-url", url, "--concurrency", "32", "--rate", "0", "--quiet",
                   "--output-dir", output, *options, VIBER_AUTH_TOKEN=TOKEN)
        with open(glob.glob(output + "/2*/summary.json")[0], encoding="utf-8") as file:
            return took | json.load(file)["timing"]

    def median(self, measure, key):
        runs = [measure() for _ in range(self.reps)]
        return {name: statistics.median(one[name] for one in runs) for name in runs[0]} if key is None else \
            statistics.median(one[key] for one in runs)

    def start(self):
        self.add("--help", self.median(lambda: run(self.program, "--help"), "wall") * 1000, " ms", 30)
        self.add("--version", self.median(lambda: run(self.program, "--version"), "wall") * 1000, " ms", 30)

    def lists(self):
        million = write_csv(self.directory + "/million.csv", 1_000_000)
        database = write_sqlite(self.directory + "/million.sqlite", 1_000_000)
        small = write_csv(self.directory + "/small.csv", 200_000)
        with Sandbox(self.program) as sandbox:
            took = self.median(lambda: self.roll_call(small, sandbox.url, "--format", "csv"), None)
            self.add("200,000 ids, CSV only: CPU", took["cpu"], " s")
            took = self.roll_call(million, sandbox.url)
            self.add("1,000,000 ids: CPU", took["cpu"], " s")
            self.add("1,000,000 ids: memory", took["memory"], " MiB", 64)
            self.add("spooling from CSV, ids per second", 1e6 / took["spool_s"], "", 3e6, most=False)
            self.add("spooling from SQLite, ids per second", 1e6 / self.roll_call(database, sandbox.url)["spool_s"], "", 2e6,
                     most=False)
            self.add("publishing 1,000,000 ids in both forms", took["publish_s"], " s")
        return took["cpu"]

    def ten_million(self, cpu_of_one):
        large = write_csv(self.directory + "/large.csv", 10_000_000)
        with Sandbox(self.program) as sandbox:
            took = self.roll_call(large, sandbox.url)
        self.add("10,000,000 ids: memory", took["memory"], " MiB", 200)
        self.add("10,000,000 ids: CPU per id relative to 1,000,000", took["cpu"] / 10 / cpu_of_one, " ×", 1.1)

    def latency(self):
        source = write_csv(self.directory + "/latency.csv", 100_000)
        with Sandbox(self.program, "--latency", "100ms") as sandbox:
            took = self.median(lambda: self.roll_call(source, sandbox.url), None)
        self.add("100,000 ids at 100 ms, 32 at once (ideal 3.2 s): asking", took["asking_s"], " s")
        self.add("the same, whole process", took["wall"], " s")

    def compressing(self):
        # In memory, so that the speed of the disk does not count.
        environment = {"TMPDIR": "/dev/shm"} if os.access("/dev/shm", os.W_OK) else {}

        def seconds(name):
            times = [run(self.hot_path, "20000", name, str(count), **environment)["wall"] for count in (2, 12)]
            return times[1] - times[0]

        cores = len(os.sched_getaffinity(0))
        speed = statistics.median(seconds("compress on one core") / seconds("compress CSV rows") for _ in range(self.reps))
        self.add(f"compressing on {cores} cores, relative to zlib on one", speed, " ×", 0.85 * cores, most=False)

    def reading(self):
        history = self.directory + "/history"
        here = os.path.dirname(os.path.abspath(__file__))
        run(sys.executable, "-B", here + "/../Tests/Checkers/make_history.py", history, "--runs", "2", "--ids", "1000000",
            "--quick")
        latest = os.path.realpath(history + "/latest")
        self.add("verify 1,000,000 rows, both files", self.median(lambda: run(self.program, "verify", latest), "wall"), " s", 1)
        self.add("audit 1,000,000 ids against 1,000,000",
                 self.median(lambda: run(self.program, "audit", "--output-dir", history), "wall"), " s", 3)

    def print_table(self):
        print("| measure | figure | goal |\n|---|---|---|")
        for what, value, goal, _ in self.rows:
            print(f"| {what} | {value} | {goal} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="viber-rollcall, a release build")
    parser.add_argument("hot_path", help="hot-path of Benchmarks, a release build")
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="viber-rollcall-figures-") as directory:
        figures = Figures(os.path.abspath(arguments.program), os.path.abspath(arguments.hot_path), arguments.reps, directory)
        figures.start()
        cpu = figures.lists()
        if arguments.large:
            figures.ten_million(cpu)
        figures.latency()
        figures.compressing()
        figures.reading()
        figures.print_table()
    return 0 if all(row[3] for row in figures.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
