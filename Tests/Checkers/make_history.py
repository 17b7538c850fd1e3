#!/usr/bin/env python3
"""Makes an output directory with a history of snapshots like the program's, without the program.

usage: make_history.py DIRECTORY [--runs N] [--ids N] [--every HOURS] [--seed S] [--gap FROM-TO] [--incomplete K]...
                       [--name NAME] [--quick]

Subscribers come and go, go offline and unavailable and come back, and a few have no answer in the runs named with --incomplete
(counted from 0). The runs FROM to TO are left out, as if the machine had been off. The first run starts on 2026-06-01 UTC.
--quick draws simpler rows, for a million ids.
"""

import argparse
import csv
import datetime
import gzip
import hashlib
import io
import json
import os
import random

NAMES = {0: "online", 1: "offline", 2: "undisclosed", 3: "tryLater", 4: "unavailable"}
COUNTS = ["online", "offline", "undisclosed", "try_later", "unavailable", "unknown", "not_returned", "failed", "not_asked"]
COLUMNS = ["id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error"]
HISTORY = ["run_id", "started_at", "finished_at", "complete", "source", "unique", "online", "offline", "undisclosed", "try_later",
           "unavailable", "unresolved", "online_percent", "unavailable_percent", "subscribers_count", "account_id", "account_name"]
START = datetime.datetime(2026, 6, 1, 0, 17, tzinfo=datetime.timezone.utc)
ODD = ["a,b", 'say "x"', "=1+1", "+q/w==", "é", "日本", "😀", "a b"]


def stamp(time, digits=False):
    text = time.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{time.microsecond // 1000:03}Z" if digits else "Z")


class Subscriber:
    def __init__(self, number, draw):
        self.id = f"{number}{draw.choice(ODD)}" if draw.random() < 0.03 else f"{draw.randrange(1 << 90):023x}{number % 16:x}"
        self.hides = draw.random() < 0.12
        self.is_gone = draw.random() < 0.08
        self.last = START - datetime.timedelta(hours=draw.expovariate(1 / 900.0))

    def step(self, time, hours, draw):
        """Viber's answer at a time, as (status, last online)."""
        if self.is_gone:
            self.is_gone = draw.random() > 0.002 * hours / 24
        else:
            self.is_gone = draw.random() < 0.01 * hours / 24
        if self.is_gone:
            return 4, None
        # More subscribers are online in the evening, and fewer at the weekend.
        likely = 0.08 + 0.3 * max(0, 1 - abs(time.hour - 19) / 9) - (0.05 if time.weekday() > 4 else 0)
        if draw.random() < likely:
            self.last = time
        if self.hides:
            return 2, None
        return (0, None) if self.last == time else (1, self.last)


def rows(people, time, hours, incomplete, draw):
    for number, person in enumerate(people):
        status, last = person.step(time, hours, draw)
        checked = time + datetime.timedelta(milliseconds=number * 3)
        if incomplete and draw.random() < 0.05:
            error = draw.choice(["", "", "not_returned", "not_asked", "failed:timeout", "failed:http_503"])
            if error:
                yield [person.id, "", "", "", "", 0 if error == "not_asked" else 6, error]
            else:
                status = draw.choice([3, 99])
                yield [person.id, status, NAMES.get(status, "unknown"), "", stamp(checked, True), 4, ""]
            continue
        yield [person.id, status, NAMES[status], stamp(last, True) if last else "", stamp(checked, True), 1, ""]


def quick_rows(count, time, seed):
    """A row an id; one in seven has another status than in a run of another seed."""
    checked, last = stamp(time, True), stamp(time - datetime.timedelta(days=3), True)
    for number in range(count):
        status = (0, 1, 1, 2, 4, 1, 0)[(number + (seed if number % 7 == 0 else 0)) % 7]
        yield [f"{number * 2654435761 % (1 << 32):08x}{number:014d}==", status, NAMES[status],
               last if status == 1 else "", checked, 1, ""]


def kind(row):
    if row[6]:
        return "failed" if row[6].startswith("failed:") else row[6]
    return "try_later" if row[2] == "tryLater" else row[2]


def publish(directory, run, time, found, account):
    counts = dict.fromkeys(COUNTS, 0)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        counts[kind(row)] += 1
        writer.writerow(row)
    unique = sum(counts.values())
    unresolved = unique - counts["online"] - counts["offline"] - counts["undisclosed"] - counts["unavailable"]
    packed = gzip.compress(text.getvalue().encode(), 1, mtime=0)
    path = os.path.join(directory, run + ("-incomplete" if unresolved else ""))
    os.makedirs(path)
    with open(path + "/subscribers.csv.gz", "wb") as file:
        file.write(packed)
    finished = time + datetime.timedelta(seconds=unique // 100 + 2)
    summary = {
        "schema": "viber-rollcall/snapshot/1",
        "run": {"id": run, "started_at": stamp(time), "finished_at": stamp(finished), "tool_version": "0.1.0",
                "complete": unresolved == 0, "exit_code": 3 if unresolved else 0, "passes": 4 if unresolved else 1, "resumed": 0},
        "source": {"kind": "csv", "name": "subscribers.csv", "key": "5a" * 32, "column": "id", "rows_read": unique, "accepted": unique,
                   "duplicates": 0, "rejected": {}, "unique": unique, "trimmed": 0},
        "account": account, "counts": counts,
        "api": {"requests": (unique + 99) // 100, "retries": 0, "throttled": 0, "extra_users": 0,
                "status_message_mismatches": 0, "duplicate_users": 0},
        "timing": {"spool_s": 0.1, "asking_s": 1.0, "publish_s": 0.1, "total_s": 1.2},
        "warnings": [],
        "files": [{"name": "subscribers.csv.gz", "rows": unique, "bytes": len(packed),
                   "sha256": hashlib.sha256(packed).hexdigest()}],
    }
    with open(path + "/summary.json", "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=2, ensure_ascii=False)
        file.write("\n")

    def percent(name):
        return f"{100 * counts[name] / unique if unique else 0:.2f}"

    return [run, stamp(time), stamp(finished), "false" if unresolved else "true", "subscribers.csv", unique,
            counts["online"], counts["offline"], counts["undisclosed"], counts["try_later"], counts["unavailable"], unresolved,
            percent("online"), percent("unavailable"), account["subscribers_count"], account["id"], account["name"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--ids", type=int, default=500)
    parser.add_argument("--every", type=float, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap")
    parser.add_argument("--incomplete", type=int, action="append", default=[])
    parser.add_argument("--name", default="Sample & Sons <bot>")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    gap = tuple(map(int, options.gap.split("-"))) if options.gap else (1, 0)
    os.makedirs(options.directory, exist_ok=True)
    people = [] if options.quick else [Subscriber(number, draw) for number in range(options.ids)]
    history, joined, latest = [], len(people), None
    for number in range(options.runs):
        time = START + datetime.timedelta(hours=number * options.every)
        run = time.strftime("%Y%m%dT%H%M%SZ") + f"-{draw.randrange(1 << 16):04x}"
        account = {"id": "pa:75346594275468546724", "name": options.name, "uri": "sample", "category": "Local Businesses",
                   "subcategory": "Pet Shop", "country": "UA", "webhook": "https://sample.example:8443",
                   "event_types": ["delivered", "seen"], "subscribers_count": round(options.ids * 0.97) + number}
        if options.quick:
            found = quick_rows(options.ids, time, number)
        else:
            found = list(rows(people, time, options.every, number in options.incomplete, draw))
            # The list itself changes now and then.
            for _ in range(draw.randrange(4)):
                people.append(Subscriber(joined, draw))
                joined += 1
            if people and draw.random() < 0.5:
                people.pop(draw.randrange(len(people)))
        if gap[0] <= number <= gap[1]:
            continue
        history.append(publish(options.directory, run, time, found, account))
        latest = run if history[-1][3] == "true" else latest
    with open(options.directory + "/history.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HISTORY] + history)
    if latest:
        os.symlink(latest, options.directory + "/latest")


main()
