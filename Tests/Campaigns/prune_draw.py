"""Draws random histories of snapshots for prune_histories.py, and writes snapshots to disk as the program does."""

import collections
import csv
import gzip
import hashlib
import io
import json
import os
import time

DAY = 86400
NAMES = {0: "online", 1: "offline", 2: "undisclosed", 3: "tryLater", 4: "unavailable"}
COUNTS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed",
          "not_asked"]
COLUMNS = ["id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error"]
ERRORS = ["not_returned", "not_asked", "failed:timeout"]
ODD = ["a,b", 'say "x"', "+q/w==", "é", "日本", "a b", "0"]
ACCOUNT, OTHER_ACCOUNT = "pa:1", "pa:2"


def stamp(when):
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(when))


def iso(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


class Snapshot:
    """The results of one run. `answers` maps ids to a status, or to an error text for an id without an answer."""

    def __init__(self, start, answers, salt="aaaa", exit_code=0, account=ACCOUNT, key=None, name="subs.csv"):
        self.start, self.answers, self.salt, self.exit_code = start, answers, salt, exit_code
        self.account, self.key, self.name, self.column = account, key, name, "id"
        self.said_start, self.finished, self.suffix = start, start + 90, "-incomplete" if exit_code else ""

    @property
    def id(self):
        return f"{stamp(self.start)}-{self.salt}"

    @property
    def directory(self):
        return self.id + self.suffix

    @property
    def counts(self):
        """Whether the run is successful and of a known account."""
        return self.exit_code == 0 and self.account is not None

    def text(self):
        """The rows as CSV."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, (key, answer) in enumerate(self.answers.items()):
            if isinstance(answer, str):
                writer.writerow([key, "", "", "", "", 0 if answer == "not_asked" else 6, answer])
                continue
            checked = f"{iso(self.start + number % 60)[:-1]}.{number * 7 % 1000:03}Z"
            writer.writerow([key, answer, NAMES.get(answer, "unknown"), "", checked, 1, ""])
        return text.getvalue()

    def tally(self):
        """The counts of the summary."""
        kinds = collections.Counter()
        for answer in self.answers.values():
            if isinstance(answer, str):
                kinds[answer.partition(":")[0]] += 1
            else:
                kinds[{3: "try_later"}.get(answer, NAMES.get(answer, "unknown"))] += 1
        return {kind: kinds[kind] for kind in COUNTS}

    def summary(self, packed):
        """The summary that belongs to the packed rows."""
        total, tally = len(self.answers), self.tally()
        complete = total == sum(tally[kind] for kind in ("online", "offline", "undisclosed", "unavailable"))
        source = {"kind": "csv", "name": self.name, **({"key": self.key} if self.key else {}), "column": self.column,
                  "rows_read": total, "accepted": total, "duplicates": 0, "rejected": {}, "unique": total, "trimmed": 0}
        return {
            "schema": "viber-rollcall/snapshot/1",
            "run": {"id": self.id, "started_at": iso(self.said_start), "finished_at": iso(self.finished),
                    "tool_version": "0.1.0", "complete": complete, "exit_code": self.exit_code, "passes": 1,
                    "resumed": 0},
            "source": source,
            "account": {"id": self.account, "name": "n"} if self.account else None,
            **({} if self.account else {"account_error": "x"}),
            "counts": tally,
            "api": {"requests": 1, "retries": 0, "throttled": 0, "extra_users": 0, "status_message_mismatches": 0,
                    "duplicate_users": 0},
            "timing": {"spool_s": 0, "asking_s": 0, "publish_s": 0, "total_s": 0},
            "warnings": [],
            "files": [{"name": "subscribers.csv.gz", "rows": total, "bytes": len(packed),
                       "sha256": hashlib.sha256(packed).hexdigest()}],
        }

    def write(self, output):
        """Writes the run directory and returns its path."""
        path = os.path.join(output, self.directory)
        os.makedirs(path)
        packed = gzip.compress(self.text().encode(), 1, mtime=0)
        with open(path + "/subscribers.csv.gz", "wb") as file:
            file.write(packed)
        with open(path + "/summary.json", "w", encoding="utf-8") as file:
            json.dump(self.summary(packed), file)
        return path


def starts_of(draw, now):
    """The starts of the runs, oldest first: every few days give or take some minutes, or at random times."""
    newest, length = now - draw.randrange(600, DAY), draw.uniform(20, 70)
    if draw.random() < 0.6:
        count = draw.randint(4, 12)
        apart = draw.choice([round(length / count) or 1, length / count])
        starts = [newest - number * apart * DAY + draw.randint(-1500, 1500) * (number > 0) for number in range(count)]
    else:
        starts = [newest] + [newest - draw.uniform(0.02, length) * DAY for _ in range(draw.randint(2, 11))]
    return sorted({int(start) for start in starts})


def lives_of(draw, starts):
    """{id: (from, until, gone, back)}: the times at which it joins and leaves the list, and between which it is unavailable."""
    begin, end, never = starts[0] - 1, starts[-1], starts[-1] + 9 * DAY
    total, gone, going = draw.randint(20, 55), draw.uniform(0.05, 0.4), draw.uniform(0, 0.3)
    lives = {}
    for number in range(total + draw.randint(0, 5)):
        key = draw.choice(ODD) if draw.random() < 0.05 else f"{draw.randrange(1 << 60):015x}="
        joins = begin if number < total else draw.uniform(begin, end)
        leaves = draw.uniform(begin, end) if draw.random() < 0.04 else never
        chance = draw.random()
        fades = begin if chance < gone else draw.uniform(begin, end) if chance < gone + going else never
        back = draw.uniform(begin, end) if draw.random() < 0.15 else never
        lives[key] = (joins, leaves, fades, back)
    return lives


def answer_of(draw, life, when, unresolved, reachable):
    if draw.random() < unresolved:
        return draw.choice([3, 3, 3, 99] + ERRORS)
    return 4 if life[2] <= when and not life[2] < life[3] <= when else draw.choice(reachable)


def draw_history(draw, now):
    """The snapshots of a correct history, oldest first."""
    starts = starts_of(draw, now)
    lives = lives_of(draw, starts)
    key = f"{draw.randrange(1 << 256):064x}" if draw.random() < 0.6 else None
    keyed_from = draw.choice([0, 0, 0, draw.randrange(len(starts))])
    ragged, reachable = draw.choice([0, 0.004, 0.03]), draw.choice([[0, 1, 1, 2], [1]])
    snapshots = []
    for number, start in enumerate(starts):
        exit_code = draw.choice([3, 75]) if draw.random() < (0.03 if start == starts[-1] else 0.14) else 0
        unresolved = 0.25 if exit_code else draw.choice([0, 0, ragged])
        answers = {name: answer_of(draw, life, start, unresolved, reachable) for name, life in lives.items()
                   if life[0] <= start < life[1]}
        if draw.random() < 0.1:
            answers = dict(draw.sample(list(answers.items()), len(answers)))
        if exit_code == 75:
            asked = draw.randrange(len(answers))
            answers = {name: answer if place <= asked else "not_asked"
                       for place, (name, answer) in enumerate(answers.items())}
        snapshot = Snapshot(start, answers, f"{draw.randrange(1 << 16):04x}", exit_code)
        snapshot.key = key if number >= keyed_from else None
        if draw.random() < (0.02 if start == starts[-1] else 0.08):
            snapshot.account = None
        if not exit_code and draw.random() < 0.05:
            snapshot.suffix = "-incomplete"
        snapshots.append(snapshot)
    glimpses(draw, snapshots)
    return snapshots


def glimpses(draw, snapshots):
    """Makes an unavailable id reachable, unanswered or missing in a single run of any kind."""
    others = [snapshot for snapshot in snapshots if not snapshot.counts]
    for _ in range(draw.choice([0, 0, 1, 2, 4])):
        snapshot = draw.choice(others if others and draw.random() < 0.4 else snapshots)
        gone = [key for key, answer in snapshot.answers.items() if answer == 4]
        if gone:
            key = draw.choice(gone)
            snapshot.answers[key] = draw.choice([0, 1, 2, 3, 99] + ERRORS)
            if draw.random() < 0.15:
                del snapshot.answers[key]


def first_of_window(snapshots, options):
    """The index of the first run of the window if the history is correct, else 0."""
    counting = [number for number, snapshot in enumerate(snapshots) if snapshot.counts]
    for size in range(options.get("runs", 3), len(counting) + 1):
        first = counting[-size]
        if snapshots[counting[-1]].start - snapshots[first].start >= options.get("days", 30) * DAY:
            return first
    return 0


def options_of(draw, snapshots):
    """Random options of prune-list, as keyword arguments for the oracle; omitted ones have their defaults.

    Most often they are such that the history has a window and mischief alone decides; else whatever comes.
    """
    generous, fitting = draw.random() < 0.7, draw.random() < 0.85
    for _ in range(12):
        drawn = {
            "runs": draw.choice([2, 2, 3, 3, 4, 5]),
            "days": draw.choice([0, 1, 7, 10, 14, 20, 30, 40, draw.randrange(41)]),
            "max_jump": draw.choice([22, 31, 45, 100] if generous else [1, 3, 7, 11, 15]),
            "max_list_shrink": draw.choice([31, 45, 60, 100] if generous else [3, 7, 14, 22]),
            "max_listed": draw.choice([70, 85, 100] if generous else [10, 30, 45]),
        }
        options = {name: value for name, value in drawn.items() if draw.random() < 0.9}
        if not fitting or first_of_window(snapshots, options):
            break
    return options
