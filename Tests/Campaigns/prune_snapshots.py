"""Reads run directories for prune_oracle.py: which of them are usable, and their rows."""

import calendar
import collections
import csv
import gzip
import hashlib
import io
import json
import math
import os
import re
import time
import zlib
from fractions import Fraction

NAME = re.compile(r"([0-9]{8}T[0-9]{6}Z-[0-9a-f]{4})(-incomplete)?")
SCHEMA = "viber-rollcall/snapshot/1"
ROWS = "subscribers.csv.gz"
COLUMNS = ["id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error"]
COUNTS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed",
          "not_asked"]
GONE, REACHABLE = 4, (0, 1, 2)
AHEAD, DAY = 300, 86400


class Damage(Exception):
    """A damaged summary, or damaged rows."""


def seconds(text, form="%Y-%m-%dT%H:%M:%SZ"):
    """Parses a time to seconds since 1970; raises Damage."""
    try:
        return calendar.timegm(time.strptime(text, form))
    except (ValueError, TypeError):
        raise Damage(f"no time: {text!r}") from None


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_parts(summary):
    """Raises Damage unless the summary has all fields that are used here."""
    if not isinstance(summary, dict) or summary.get("schema") != SCHEMA:
        raise Damage("another schema")
    run, source, counts = (summary.get(part) for part in ("run", "source", "counts"))
    if not all(isinstance(part, dict) for part in (run, source, counts)):
        raise Damage("no run, source or counts")
    if not (isinstance(run.get("id"), str) and isinstance(run.get("complete"), bool) and whole(run.get("exit_code"))):
        raise Damage("run lacks something")
    seconds(run.get("started_at"))
    seconds(run.get("finished_at"))
    if not all(isinstance(source.get(part), str) for part in ("kind", "name")) or not whole(source.get("unique")):
        raise Damage("source lacks something")
    if not all(whole(counts.get(kind)) for kind in COUNTS):
        raise Damage("counts lacks something")
    if not isinstance(summary.get("files"), list) or "account" not in summary:
        raise Damage("no files or no account")


class Run:
    """A run directory: its trouble (None if usable) and, if usable, the values of its summary."""

    def __init__(self, directory, name, names, now):
        self.path, self.name = os.path.join(directory, name), name
        self.id, suffix = NAME.fullmatch(name).groups()
        try:
            self.at = stands = seconds(self.id[:16], "%Y%m%dT%H%M%SZ")
        except Damage:
            self.at, stands = math.inf, None
        self.summary, self.trouble = None, None
        try:
            self.read()
        except (Damage, OSError, ValueError, RecursionError):
            self.trouble = "damaged"
            return
        run = self.summary["run"]
        self.start = seconds(run["started_at"])
        if run["id"] != self.id or (suffix and self.id in names):
            self.trouble = "copy"
        elif self.start != stands or not self.start <= seconds(run["finished_at"]) <= now + AHEAD:
            self.trouble = "times"
        source, account = self.summary["source"], self.summary["account"]
        self.source, self.unique = source, source["unique"]
        self.account = account["id"] if isinstance(account, dict) and isinstance(account.get("id"), str) else None
        self.success = run["exit_code"] == 0
        self.share = Fraction(100 * self.summary["counts"]["unavailable"], self.unique) if self.unique else Fraction(0)

    def read(self):
        """Reads the summary. Its start replaces `at` even if the rest of the summary is wrong."""
        with open(os.path.join(self.path, "summary.json"), "rb") as file:
            self.summary = json.loads(file.read().decode("utf-8"))
        try:
            self.at = max(self.at, seconds(self.summary["run"]["started_at"]))
        except (Damage, KeyError, TypeError):
            pass
        check_parts(self.summary)

    def same_source(self, other):
        mine, others = self.source, other.source
        if mine.get("key") and others.get("key"):
            return mine["key"] == others["key"]
        return all(mine.get(part) == others.get(part) for part in ("kind", "name", "column"))

    def counts_with(self, newest):
        return self.success and self.account is not None and self.same_source(newest)

    def rows(self):
        """The rows as (id, status or None, checked_at); raises Damage if they do not match the summary."""
        files = [file for file in self.summary["files"] if isinstance(file, dict) and file.get("name") == ROWS]
        try:
            with open(os.path.join(self.path, ROWS), "rb") as file:
                packed = file.read()
            if [file.get("sha256") for file in files] != [hashlib.sha256(packed).hexdigest()]:
                raise Damage(f"{self.name}: another sha256")
            text = gzip.decompress(packed).decode("utf-8")
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (OSError, EOFError, ValueError, zlib.error, csv.Error) as error:
            raise Damage(f"{self.name}: {error}") from None
        if not lines or lines[0] != COLUMNS or any(len(line) != len(COLUMNS) for line in lines):
            raise Damage(f"{self.name}: no rows of a snapshot")
        counts = collections.Counter(kind_of(line) for line in lines[1:])
        if len(lines) - 1 != self.unique or any(counts[kind] != self.summary["counts"][kind] for kind in COUNTS):
            raise Damage(f"{self.name}: other counts")
        return [(line[0], None if line[6] else int(line[1]), line[4]) for line in lines[1:]]


def kind_of(line):
    """The name of the count to which a row belongs."""
    status, error = line[1], line[6]
    if error:
        kind = "failed" if error.startswith("failed") else error
        if status or kind not in ("not_returned", "failed", "not_asked"):
            raise Damage(f"a row with the error {error!r} and the status {status!r}")
        return kind
    if not status.isascii() or not status.isdigit():
        raise Damage(f"a row with the status {status!r}")
    return COUNTS[int(status)] if int(status) <= GONE else "unknown"
