#!/usr/bin/env python3
"""Compares the results of `audit` and `prune-list` for a history with the same figures from SQL.

usage: check_audit.py BINARY DIRECTORY

DIRECTORY is an output directory. Every run in it is audited against the complete run before it, as JSON and as each list in
both formats; SQLite, filled from the CSV files by Python's own readers, must give the same. Then the prune list is compared for
several numbers of runs and days. The comparison tests itself first: each figure of one audit is changed in turn, and each change
must be found. Prints the differences and exits 1, or prints how much was compared and exits 0.
"""

import copy
import csv
import datetime
import gzip
import io
import json
import os
import sqlite3
import subprocess
import sys

KINDS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed", "not_asked"]
DEFINITE = ("online", "offline", "undisclosed", "unavailable")
REACHABLE = "('online', 'offline', 'undisclosed')"
SPANS = [1, 7, 30, 90, 365]
LISTS = {
    "unavailable": "SELECT n.id FROM now n WHERE n.kind = 'unavailable'",
    "unresolved": f"SELECT n.id FROM now n WHERE n.kind NOT IN {DEFINITE}",
    "became-unavailable": f"SELECT id FROM now n JOIN before b USING (id) WHERE n.kind = 'unavailable' AND b.kind IN {REACHABLE}",
    "recovered": f"SELECT id FROM now n JOIN before b USING (id) WHERE b.kind = 'unavailable' AND n.kind IN {REACHABLE}",
    "new": "SELECT id FROM now WHERE id NOT IN (SELECT id FROM before)",
    "gone": "SELECT id FROM before WHERE id NOT IN (SELECT id FROM now)",
}


def milliseconds(text):
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000) if text else None


def load(database, table, path):
    database.execute(f"CREATE TABLE {table} (nr INTEGER PRIMARY KEY, id TEXT UNIQUE, kind TEXT, last INTEGER, checked INTEGER)")
    with gzip.open(path + "/subscribers.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            kind = (row["error"].split(":")[0] or row["online_status_message"]).replace("tryLater", "try_later")
            database.execute(f"INSERT INTO {table} (id, kind, last, checked) VALUES (?, ?, ?, ?)",
                             (row["id"], kind, milliseconds(row["last_online"]), milliseconds(row["checked_at"])))


def summary(path):
    with open(path + "/summary.json", encoding="utf-8") as file:
        return json.load(file)


def close(left, right):
    """Whether two values are equal up to rounding to two decimals."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(close(left[key], right[key]) for key in left)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and isinstance(left, bool) == isinstance(right, bool):
        return abs(left - right) < 0.00501 if isinstance(left, float) or isinstance(right, float) else left == right
    return left == right


def percent(part, whole):
    return 100.0 * part / whole if whole else 0.0


def figures(database, now, before):
    """The expected audit, from SQL."""
    def counted(sql):
        return dict.fromkeys(KINDS, 0) | dict(database.execute(sql).fetchall())

    counts = {"now": counted("SELECT kind, count(*) FROM now GROUP BY kind")}
    if before:
        counts["before"] = counted("SELECT kind, count(*) FROM before GROUP BY kind")
    for side in counts.values():
        unique = sum(side.values())
        side["unresolved"] = unique - sum(side[kind] for kind in DEFINITE)
        side["unique"] = unique
    said = {}
    for name in KINDS + ["unresolved", "unique"]:
        ids, was = counts["now"][name], counts.get("before", {}).get(name)
        share = percent(ids, counts["now"]["unique"])
        said[name] = {"ids": ids, "percent": share, "change": None, "points": None}
        if before:
            said[name] |= {"change": ids - was, "points": share - percent(was, counts["before"]["unique"])}
    result = {"counts": said, "transitions": None, "coverage": None, "unavailable_range": {
        "at_least": said["unavailable"]["ids"], "at_most": said["unavailable"]["ids"] + said["unresolved"]["ids"]}}
    if before:
        matrix = {kind: dict.fromkeys(KINDS, 0) for kind in KINDS}
        for source, target, number in database.execute(
                "SELECT b.kind, n.kind, count(*) FROM before b JOIN now n USING (id) GROUP BY 1, 2"):
            matrix[source][target] = number
        result["transitions"] = {
            "matrix": matrix,
            "became_unavailable": database.execute(f"SELECT count(*) FROM ({LISTS['became-unavailable']})").fetchone()[0],
            "recovered": database.execute(f"SELECT count(*) FROM ({LISTS['recovered']})").fetchone()[0],
            "new": counted(f"SELECT kind, count(*) FROM now WHERE id IN ({LISTS['new']}) GROUP BY kind"),
            "gone": counted(f"SELECT kind, count(*) FROM before WHERE id IN ({LISTS['gone']}) GROUP BY kind")}
    spans = "".join(f" WHEN checked - last <= {days * 86_400_000} THEN 'within_{days}_d'" for days in SPANS)
    recency = dict.fromkeys([f"within_{days}_d" for days in SPANS] + ["older", "hidden", "no_answer"], 0)
    recency |= dict(database.execute(
        f"SELECT CASE WHEN kind NOT IN {DEFINITE} THEN 'no_answer' WHEN last IS NULL AND kind = 'online' THEN 'within_1_d' "
        f"WHEN last IS NULL THEN 'hidden'{spans} ELSE 'older' END AS span, count(*) FROM now GROUP BY span").fetchall())
    result["recency"] = recency
    subscribers = (now["account"] or {}).get("subscribers_count")
    if subscribers:
        reachable = sum(said[kind]["ids"] for kind in ("online", "offline", "undisclosed"))
        result["coverage"] = {"subscribers_count": subscribers, "listed_percent": percent(said["unique"]["ids"], subscribers),
                              "reachable_percent": percent(reachable, subscribers)}
    return result


def differences(said, expected):
    return [f"{key}: {said.get(key)} instead of {value}" for key, value in expected.items() if not close(said.get(key), value)]


def prove(said, expected):
    """Changes each number of an audit by one and expects a difference; returns how many numbers there are."""
    changed = 0

    def walk(value, path):
        nonlocal changed
        for key, inner in value.items():
            if isinstance(inner, dict):
                walk(inner, path + [key])
            elif isinstance(inner, (int, float)) and path and path[0] in expected:
                tampered = copy.deepcopy(said)
                inner_dict = tampered
                for step in path:
                    inner_dict = inner_dict[step]
                inner_dict[key] += 1
                if not differences(tampered, expected):
                    sys.exit(f"check_audit.py is broken: it does not find that {path + [key]} is wrong")
                changed += 1

    walk(said, [])
    if changed < 20:
        sys.exit(f"check_audit.py tested only {changed} figures")
    return changed


class Checks:
    def __init__(self, binary, directory):
        self.binary, self.directory, self.found, self.compared, self.proved = binary, directory, [], 0, 0

    def ask(self, arguments, codes=(0,)):
        ran = subprocess.run([self.binary] + arguments + ["--output-dir", self.directory], capture_output=True)
        if ran.returncode not in codes:
            self.found.append(f"{' '.join(arguments)}: exit {ran.returncode}: {ran.stderr.decode()}")
        return ran

    def audit(self, name, earlier):
        path = f"{self.directory}/{name}"
        database = sqlite3.connect(":memory:")
        load(database, "now", path)
        database.execute("CREATE TABLE before (id TEXT)") if not earlier else load(database, "before", f"{self.directory}/{earlier}")
        expected = figures(database, summary(path), earlier)
        ran = self.ask(["audit", name, "--json"])
        if ran.returncode != 0:
            return
        said = json.loads(ran.stdout)
        against = said["against"] and said["against"]["id"]
        if against != earlier:
            self.found.append(f"{name} is compared with {against}, not {earlier}")
        found = differences(said, expected)
        self.found += [f"{name}: {line}" for line in found]
        if not found and earlier and not self.proved:
            self.proved = prove(said, expected)
        self.compared += 1
        for which, sql in LISTS.items():
            if not earlier and which not in ("unavailable", "unresolved"):
                self.ask(["audit", name, "--list", which], codes=(66,))
                continue
            wanted = [row[0] for row in database.execute(sql)]
            text = self.ask(["audit", name, "--list", which]).stdout.decode()
            ids = [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)]
            lines = self.ask(["audit", name, "--list", which, "--list-format", "jsonl"]).stdout.decode().splitlines()
            if sorted(ids) != sorted(wanted) or [json.loads(line)["id"] for line in lines] != ids:
                self.found.append(f"{name}: --list {which} has {len(ids)} ids, not {len(wanted)}, or others")
            self.compared += 1

    def prune(self, complete, runs, days):
        """Compares the prune list with one made here. Only the rules about runs and days can refuse it."""
        times = [milliseconds(summary(f"{self.directory}/{name}")["run"]["started_at"]) for name in complete]
        ran = self.ask(["prune-list", "--runs", str(runs), "--days", str(days), "--max-jump", "100", "--max-shrink", "100",
                        "--max-listed", "100"],
                       codes=(0, 4))
        least = next((back for back in range(1, len(complete) + 1)
                      if back >= runs and times[-1] - times[-back] >= days * 86_400_000), None)
        if (least is None) != (ran.returncode == 4):
            self.found.append(f"prune-list --runs {runs} --days {days}: exit {ran.returncode}: {ran.stderr.decode()}")
        if least is None or ran.returncode != 0:
            return
        streaks, alive = {}, None
        for back, name in enumerate(reversed(complete), start=1):
            with gzip.open(f"{self.directory}/{name}/subscribers.csv.gz", "rt", encoding="utf-8", newline="") as file:
                gone = {row["id"]: row["checked_at"] for row in csv.DictReader(file) if row["online_status"] == "4"}
            alive = gone.keys() if back == 1 else alive & gone.keys()
            streaks |= {identifier: (back, gone[identifier]) for identifier in alive}
        wanted = {identifier: (str(reach), since) for identifier, (reach, since) in streaks.items() if reach >= least}
        rows = csv.DictReader(io.StringIO(ran.stdout.decode(), newline=""), strict=True)
        said = {row["id"]: (row["runs"], row["first_unavailable_at"]) for row in rows}
        if said != wanted:
            self.found.append(f"prune-list --runs {runs} --days {days}: {len(said)} ids, not {len(wanted)}, or other values")
        self.compared += 1


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    checks = Checks(*sys.argv[1:])
    names = sorted(name for name in os.listdir(sys.argv[2]) if name[:2] == "20")
    complete = [name for name in names if not name.endswith("-incomplete")]
    for name in names:
        checks.audit(name, next((other for other in reversed(complete) if other < name[:21]), None))
    if names and names[-1] in complete:
        for runs, days in [(1, 0), (2, 1), (3, 2), (len(complete), 0), (1, 4), (len(complete) + 1, 0), (2, 9_999)]:
            checks.prune(complete, runs, days)
    for line in checks.found:
        print(line)
    print(f"{checks.compared} answers compared, {checks.proved} figures tested")
    sys.exit(1 if checks.found else 0)


main()
