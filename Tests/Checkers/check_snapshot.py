#!/usr/bin/env python3
"""Checks a snapshot against its contract, without sharing code with the program that wrote it.

usage: check_snapshot.py RUN [--ids FILE] [--sandbox]

RUN is the directory of the snapshot, next to history.csv. FILE holds the expected ids in order, one per line. With --sandbox
every definite status must follow the sandbox's rule, and the ids without one are counted.
Prints what is wrong and exits 1, or prints one line and exits 0.
"""

import argparse
import csv
import datetime
import hashlib
import io
import json
import os
import re
import sys
import zlib

HEADER = "id,online_status,online_status_message,last_online,checked_at,attempts,error"
NAMES = {0: "online", 1: "offline", 2: "undisclosed", 3: "tryLater", 4: "unavailable"}
DEFINITE = (0, 1, 2, 4)
COUNTS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed", "not_asked"]
FAILED = re.compile(r"failed:(badData|missingData|timeout|connection|http_\d+|api_-?\d+|protocol|bad_status|conflict)$")
TOP = ["schema", "run", "source", "account", "counts", "api", "timing"]
HISTORY = (
    "run_id,started_at,finished_at,complete,source,unique,online,offline,undisclosed,try_later,unavailable,unresolved,"
    "online_percent,unavailable_percent,subscribers_count,account_id,account_name"
)


def sandbox(identifier):
    """Status and last_online (epoch ms, None if absent or hidden) by the sandbox's rule."""
    value = 0xCBF29CE484222325
    for byte in identifier.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    share = value % 100
    status = 0 if share < 30 else 1 if share < 65 else 2 if share < 80 else 4
    return status, 1767225600000 - (value // 5000 % 31536000) * 1000 if status == 1 else None


def milliseconds(text):
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return since // datetime.timedelta(milliseconds=1)


def category(row):
    """The count that a row of the JSON file belongs to."""
    if row["online_status"] is not None:
        return {3: "try_later"}.get(row["online_status"], NAMES.get(row["online_status"], "unknown"))
    if row["error"] in ("not_returned", "not_asked"):
        return row["error"]
    return "failed" if FAILED.match(row["error"] or "") else "?" + str(row["error"])


def read_ids(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


class Checker:
    def __init__(self, run):
        self.run = run
        self.wrong = []
        self.summary = None
        self.unresolved = 0

    def expect(self, what, left, right):
        if left != right:
            self.wrong.append(f"{what}: {left!r} is not {right!r}")

    def check(self, ids=None, use_sandbox=False):
        """Adds the findings to `wrong`."""
        try:
            self.read_and_compare(ids, use_sandbox)
        except Exception as problem:
            self.wrong.append(f"{self.run} cannot be read: {type(problem).__name__}: {problem}")
        return self

    def read_and_compare(self, ids, use_sandbox):
        with open(os.path.join(self.run, "summary.json"), encoding="utf-8") as file:
            self.summary = summary = json.load(file)
        files = {entry["name"]: entry for entry in summary["files"]}
        self.expect("files", sorted(os.listdir(self.run)), sorted([*files, "summary.json"]))
        for name, entry in files.items():
            with open(os.path.join(self.run, name), "rb") as file:
                raw = file.read()
            self.expect(f"{name} bytes", entry["bytes"], len(raw))
            self.expect(f"{name} sha256", entry["sha256"], hashlib.sha256(raw).hexdigest())
        for name in [*files, "summary.json"]:
            self.expect(f"{name} mode", os.stat(os.path.join(self.run, name)).st_mode & 0o7777, 0o640)
        self.expect("directory mode", os.stat(self.run).st_mode & 0o7777, 0o750)
        rows = self.rows(files, summary)
        self.accounting(summary, rows, files)
        self.ending(summary, rows)
        self.history(summary)
        self.expect("an id twice", len({row["id"] for row in rows}), len(rows))
        if ids is not None:
            self.expect("ids in order", [row["id"] for row in rows] == ids, True)
        if use_sandbox:
            for row in rows:
                reported = (row["online_status"], row["last_online"])
                if row["online_status"] in DEFINITE and reported != sandbox(row["id"]):
                    self.wrong.append(f"status of {row['id']}: {reported} is not {sandbox(row['id'])}")

    def rows(self, files, summary):
        """The rows, after checking that both files hold the same."""
        rows = None
        if "snapshot.json.gz" in files:
            document = json.loads(self.member("snapshot.json.gz"))
            self.expect("keys", [key for key in document if key in TOP + ["subscribers"]], TOP + ["subscribers"])
            rows = document.pop("subscribers")
            self.expect("snapshot.json.gz and summary.json", document, {k: v for k, v in summary.items() if k != "files"})
            self.expect("snapshot.json.gz rows", files["snapshot.json.gz"]["rows"], len(rows))
        if "subscribers.csv.gz" in files:
            content = self.member("subscribers.csv.gz")
            self.expect("header", content.split(b"\n", 1)[0].decode(), HEADER)
            self.expect("CR in CSV", b"\r" in content, False)
            table = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))[1:]
            self.expect("subscribers.csv.gz rows", files["subscribers.csv.gz"]["rows"], len(table))
            read = [self.row(fields) for fields in table]
            if rows is not None and read != rows:
                self.wrong.append("subscribers.csv.gz and snapshot.json.gz hold different rows")
            rows = read
        self.expect("a file with the rows", rows is not None, True)
        return rows or []

    def member(self, name):
        """The content of a gzip file: one member, time 0, no name, no trailing bytes."""
        with open(os.path.join(self.run, name), "rb") as file:
            raw = file.read()
        self.expect(f"{name} gzip header", raw[:8], b"\x1f\x8b\x08\0\0\0\0\0")
        inflater = zlib.decompressobj(31)
        content = inflater.decompress(raw) + inflater.flush()
        self.expect(f"{name} is whole", inflater.eof, True)
        self.expect(f"{name} trailing bytes", inflater.unused_data, b"")
        return content

    def row(self, fields):
        identifier, status, message, last, checked, attempts, error = fields
        return {
            "id": identifier,
            "online_status": int(status) if status else None,
            "online_status_message": message or None,
            "last_online": milliseconds(last) if last else None,
            "checked_at": checked or None,
            "attempts": int(attempts),
            "error": error or None,
        }

    def accounting(self, summary, rows, files):
        source, counts = summary["source"], summary["counts"]
        rejected = sum(source["rejected"].values())
        self.expect("source key", bool(re.fullmatch("[0-9a-f]{64}", source["key"])), True)
        self.expect("rows_read", source["rows_read"], source["accepted"] + rejected + source.get("other_shards", 0))
        self.expect("accepted", source["accepted"], source["unique"] + source["duplicates"])
        self.expect("counts", sum(counts.values()), source["unique"])
        self.expect("rows", len(rows), source["unique"])
        self.expect("count names", list(counts), COUNTS)
        found = {}
        for row in rows:
            found[category(row)] = found.get(category(row), 0) + 1
        self.expect("counts of the rows", {k: v for k, v in counts.items() if v}, found)
        for row in rows:
            answered = row["online_status"] is not None
            name = NAMES.get(row["online_status"], "unknown") if answered else None
            self.expect(f"message of {row['id']}", row["online_status_message"], name)
            self.expect(f"error of {row['id']}", row["error"] is None, answered)
            self.expect(f"time of {row['id']}", row["checked_at"] is not None, answered)
            self.expect(f"attempts of {row['id']}", row["attempts"] > 0, row["error"] != "not_asked")
        self.expect("rejected.csv is there", "rejected.csv" in files, rejected > 0)
        if "rejected.csv" in files:
            with open(os.path.join(self.run, "rejected.csv"), encoding="utf-8", newline="") as file:
                table = list(csv.reader(file, strict=True))
            self.expect("rejected header", table[0], ["line", "reason", "value", "rows"])
            found, before = {}, None
            for line, reason, value, count in table[1:]:
                found[reason] = found.get(reason, 0) + int(count)
                # Consecutive rows without a value are joined in one row of the file.
                self.expect(f"rejected row of line {line}", int(count) > 0 and (value == "" or int(count) == 1), True)
                if before == (reason, "") and value == "" and line and int(line) == end:
                    self.wrong.append(f"rejected rows of lines before {line} are not joined")
                before, end = (reason, value), int(line or 0) + int(count)
            self.expect("rejected rows", found, source["rejected"])
            self.expect("rejected.csv rows", files["rejected.csv"]["rows"], len(table) - 1)

    def ending(self, summary, rows):
        """The run is as complete as its summary and the name of its directory say."""
        self.unresolved = sum(row["online_status"] not in DEFINITE for row in rows)
        run, code = summary["run"], summary["run"]["exit_code"]
        self.expect("complete", run["complete"], self.unresolved == 0)
        if code in (0, 3):
            self.expect(f"complete with exit code {code}", run["complete"], code == 0)
        name = run["id"] + ("" if code == 0 else "-incomplete")
        self.expect("directory", os.path.basename(os.path.realpath(self.run)), name)

    def history(self, summary):
        """The run's row in the history agrees with the summary."""
        path = os.path.join(os.path.dirname(os.path.realpath(self.run)), "history.csv")
        with open(path, encoding="utf-8", newline="") as file:
            table = list(csv.reader(file, strict=True))
        self.expect("history header", table[0], HISTORY.split(","))
        self.expect("history mode", os.stat(path).st_mode & 0o7777, 0o640)
        run, source, counts = summary["run"], summary["source"], summary["counts"]
        account = summary["account"] or {}
        # A field of another type than documented is not copied to the history.
        known = {name: account[name] for name, kind in (("subscribers_count", int), ("id", str), ("name", str))
                 if isinstance(account.get(name), kind)}
        definite = ["online", "offline", "undisclosed", "try_later", "unavailable"]
        unresolved = sum(counts.values()) - sum(counts[name] for name in definite if name != "try_later")
        row = [run["id"], run["started_at"], run["finished_at"], "true" if run["complete"] else "false",
               self.cell(source["name"]),
               str(source["unique"]), *(str(counts[name]) for name in definite), str(unresolved),
               self.percent(counts["online"], source["unique"]), self.percent(counts["unavailable"], source["unique"]),
               str(known.get("subscribers_count", "")), self.cell(known.get("id", "")), self.cell(known.get("name", ""))]
        self.expect("history", [fields for fields in table[1:] if fields[0] == run["id"]], [row])

    def cell(self, text):
        """Cuts a text at 1 KiB, and puts a ' before a text that a spreadsheet would read as a formula."""
        text = text.encode()[:1024].decode(errors="ignore")
        return "'" + text if re.match(r"'*[=+\-@\t\r]", text) else text

    def percent(self, part, whole):  # with two decimals, half away from zero
        hundredths = (part * 20000 + whole) // (2 * whole) if whole else 0
        return f"{hundredths // 100}.{hundredths % 100:02}"

    def verdict(self, use_sandbox=False):
        unresolved = f", {self.unresolved} of them without a definite status" if use_sandbox and self.unresolved else ""
        return f"sound: {self.summary['source']['unique']} ids{unresolved}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("run")
    parser.add_argument("--ids")
    parser.add_argument("--sandbox", action="store_true")
    options = parser.parse_args()
    checker = Checker(options.run).check(read_ids(options.ids) if options.ids else None, options.sandbox)
    for line in checker.wrong[:20]:
        print(line)
    if checker.wrong:
        sys.exit(1)
    print(checker.verdict(options.sandbox))


if __name__ == "__main__":
    main()
