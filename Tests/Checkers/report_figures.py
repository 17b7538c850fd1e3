"""The figures that a page of `report` must show, computed from the files of an output directory."""

import csv
import datetime
import glob
import gzip
import json
import os
import statistics

KINDS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed", "not_asked"]
DEFINITE = ["online", "offline", "undisclosed", "unavailable"]
REACHABLE = DEFINITE[:3]
SPANS = [("within a day", 1), ("within a week", 7), ("within 30 days", 30), ("within 90 days", 90), ("within a year", 365)]


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def milliseconds(time):
    return round(time.timestamp() * 1000)


def kind(row):
    if row["error"]:
        return "failed" if row["error"].startswith("failed:") else row["error"]
    return "try_later" if row["online_status_message"] == "tryLater" else row["online_status_message"]


class Run:
    """One run, from its row in history.csv or from its summary."""

    def __init__(self, id, started, complete, source, counts, subscribers, account, name):
        self.id, self.started, self.complete, self.source = id, moment(started), complete, source
        self.counts, self.subscribers, self.account, self.name = counts, subscribers, account, name
        self.at = milliseconds(self.started)

    @classmethod
    def of_row(cls, row):
        counts = {name: int(row[name]) for name in (*DEFINITE, "unresolved", "unique")}
        subscribers = int(row["subscribers_count"]) if row["subscribers_count"] else None
        return cls(row["run_id"], row["started_at"], row["complete"] == "true", row["source"], counts, subscribers,
                   row["account_id"], row["account_name"])

    @classmethod
    def of_summary(cls, summary):
        counts = {name: summary["counts"][name] for name in DEFINITE}
        counts["unique"] = summary["source"]["unique"]
        counts["unresolved"] = counts["unique"] - sum(summary["counts"][name] for name in DEFINITE)
        account = summary["account"] or {}
        return cls(summary["run"]["id"], summary["run"]["started_at"], summary["run"]["complete"], summary["source"]["name"],
                   counts, account.get("subscribers_count"), account.get("id", ""), account.get("name", ""))

    def percent(self, *names):
        return 100 * sum(self.counts[name] for name in names) / self.counts["unique"] if self.counts["unique"] else 0


class History:
    """The runs and figures that the page must show."""

    def __init__(self, directory):
        self.directory, self.paths, self.summaries = directory, {}, {}
        found = {}
        if os.path.exists(directory + "/history.csv"):
            with open(directory + "/history.csv", encoding="utf-8", newline="") as file:
                found = {row["run_id"]: Run.of_row(row) for row in csv.DictReader(file)}
        for path in sorted(glob.glob(directory + "/2*")):
            with open(path + "/summary.json", encoding="utf-8") as file:
                summary = json.load(file)
            run = Run.of_summary(summary)
            found[run.id], self.paths[run.id], self.summaries[run.id] = run, path, summary
        everything = sorted(found.values(), key=lambda run: (run.at, run.id))
        self.newest = everything[-1]
        self.runs = [run for run in everything if run.source == self.newest.source
                     and (run.account == self.newest.account or not (run.account and self.newest.account))]
        self.left_out = len(everything) - len(self.runs)
        intervals = [later.at - earlier.at for earlier, later in zip(self.runs, self.runs[1:])]
        self.usual = statistics.median(intervals) if intervals else 0
        audited = [run for run in self.runs if run.id in self.paths]
        self.audited = audited[-1] if audited else None
        before = [run for run in audited[:-1] if self.summaries[run.id]["run"]["exit_code"] == 0]
        self.against = before[-1] if before else None

    def stretches(self, wanted=lambda run: True):
        found = []
        for run in filter(wanted, self.runs):
            if found and run.at - found[-1][-1].at <= 2.5 * self.usual:
                found[-1].append(run)
            else:
                found.append([run])
        return found

    def rows(self, run):
        with gzip.open(self.paths[run.id] + "/subscribers.csv.gz", "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def hours(self):
        """By (weekday, hour): the number of runs, the online share in percent, and the online and answered ids."""
        bins = {}
        for run in self.runs:
            if answered := run.counts["unique"] - run.counts["unresolved"]:
                bins.setdefault((run.started.weekday(), run.started.hour), []).append((run.counts["online"], answered))
        sums = {key: (len(found), *map(sum, zip(*found))) for key, found in bins.items()}
        return {key: (runs, 100 * online / answered, online, answered) for key, (runs, online, answered) in sums.items()}

    def moves(self):
        """Number of ids by (from, to), with None for a missing id."""
        was = {row["id"]: kind(row) for row in self.rows(self.against)}
        now = {row["id"]: kind(row) for row in self.rows(self.audited)}
        found = {}
        for id in was.keys() | now.keys():
            pair = was.get(id), now.get(id)
            found[pair] = found.get(pair, 0) + 1
        return found

    def recency(self):
        found = dict.fromkeys([name for name, _ in SPANS] + ["longer ago", "hidden", "no answer"], 0)
        for row in self.rows(self.audited):
            if kind(row) not in DEFINITE:
                span = "no answer"
            elif row["last_online"]:
                days = (moment(row["checked_at"]) - moment(row["last_online"])) / datetime.timedelta(days=1)
                span = next((name for name, most in SPANS if days <= most), "longer ago")
            else:
                span = "within a day" if kind(row) == "online" else "hidden"
            found[span] += 1
        if not found["no answer"]:
            del found["no answer"]
        return found
