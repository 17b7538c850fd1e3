#!/usr/bin/env python3
"""Computes the correct result of prune-list for an output directory. Written from its specification, not from its code.

    code, rows = verdict(directory, now)    the exit code and, for 0, a list of (id, first_unavailable_at, runs)
    judge(directory, now)                   the same with the reason, the unusable run directories, and whether a tie
                                            decided (a limit was met exactly)
    unusable(directory, now)                {directory name: "damaged", "copy" or "times"}
"""

import os
import sys
import time
from fractions import Fraction

from prune_snapshots import DAY, GONE, NAME, REACHABLE, Damage, Run


class Refusal(Exception):
    """An exit code other than 0, with the reason."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code, self.reason = code, reason


class Verdict:
    """The expected result: code, rows, reason, unusable (name to kind), and tie (a limit was met exactly)."""

    def __init__(self):
        self.code, self.rows, self.reason, self.unusable, self.tie = 0, [], "", {}, False

    def exceeds(self, value, limit):
        self.tie = self.tie or value == limit
        return value > limit


def check_newest(usable, broken):
    """Refuses if the newest run does not count. If a damaged run may be newer, that is the reason instead."""
    if usable and usable[0].counts_with(usable[0]):
        return
    if any(run.trouble == "damaged" and (not usable or run.at >= usable[0].start) for run in broken):
        raise Refusal(65, "the newest run is damaged, or no other is usable")
    raise Refusal(4, "the newest run does not count, or there is none")


def find_window(usable, runs, days, result):
    """The window, newest first, and all runs that count, newest first. Refuses if there is no window."""
    newest = usable[0]
    counting = [run for run in usable if run.counts_with(newest)]
    for size in range(max(runs, 1), len(counting) + 1):
        span = newest.start - counting[size - 1].start
        result.tie = result.tie or (span == days * DAY and span > 0)
        if span >= days * DAY:
            return counting[:size], counting
    raise Refusal(4, "no window")


def check_summaries(window, predecessor, usable, broken, max_jump, max_list_shrink, result):
    """The refusals before any rows are read."""
    newest, first = window[0], window[-1]
    for run in broken:
        if run.trouble == "damaged" and (run.at >= first.start or predecessor is None or run.at > predecessor.start):
            raise Refusal(65, f"{run.name} is damaged")
    for run in broken:
        if run.trouble != "damaged" and run.at >= first.start:
            raise Refusal(4, f"{run.name} is unusable: {run.trouble}")
    for run in usable:
        if run.start >= first.start and not run.same_source(newest):
            raise Refusal(4, f"{run.name} is of another source")
        if run.start >= first.start and run.account not in (None, newest.account):
            raise Refusal(4, f"{run.name} is of another account")
    chain = ([predecessor] if predecessor else []) + window[::-1]
    for earlier, later in zip(chain, chain[1:]):
        if result.exceeds(100 * (earlier.unique - later.unique), Fraction(str(max_list_shrink)) * earlier.unique):
            raise Refusal(4, f"the list shrank into {later.name}")
        if result.exceeds(later.share - earlier.share, Fraction(str(max_jump))):
            raise Refusal(4, f"the unavailable share rose into {later.name}")


def listed_ids(window, usable):
    """The ids to list in the order of the newest run, or a refusal with 65."""
    first = window[-1]
    gone, seen = None, set()
    try:
        for run in [run for run in usable if run in window or run.start >= first.start]:
            rows = run.rows()
            seen.update(key for key, status, _ in rows if status in REACHABLE)
            if run in window:
                here = {key for key, status, _ in rows if status == GONE}
                here -= {key for key, status, _ in rows if status != GONE}
                gone = here if gone is None else gone & here
        return [key for key, _, _ in window[0].rows() if key in gone and key not in seen]
    except Damage as damage:
        raise Refusal(65, str(damage)) from None


def walk(ids, counting):
    """(id, first_unavailable_at, runs) of each id, computed from the newest run into the past."""
    found, ended = {key: [None, 0] for key in ids}, set()
    for run in counting:
        if run.account != counting[0].account:
            break
        try:
            rows = {key: (status, checked) for key, status, checked in run.rows()}
        except Damage:
            break
        for key in ids:
            status, checked = rows.get(key, (0, ""))
            if key not in ended and status == GONE:
                found[key] = [checked, found[key][1] + 1]
            elif status in REACHABLE:
                ended.add(key)
    return [(key, *found[key]) for key in ids]


def inspect(directory, now):
    """All run directories, as (usable ones, newest first; unusable ones)."""
    try:
        names = {name for name in os.listdir(directory) if NAME.fullmatch(name)}
    except OSError as error:
        raise Refusal(66, str(error)) from None
    if not names:
        raise Refusal(66, "no run")
    runs = [Run(directory, name, names, now) for name in sorted(names)]
    usable = sorted((run for run in runs if not run.trouble), key=lambda run: (run.start, run.id), reverse=True)
    return usable, [run for run in runs if run.trouble]


def judge(directory, now, runs=3, days=30, max_jump=5, max_list_shrink=10, max_listed=50):
    """The Verdict on an output directory at a time (seconds since 1970)."""
    result = Verdict()
    try:
        usable, broken = inspect(directory, now)
        result.unusable = {run.name: run.trouble for run in broken}
        check_newest(usable, broken)
        try:
            window, counting = find_window(usable, runs, days, result)
        except Refusal as refusal:
            if "damaged" in result.unusable.values():
                raise Refusal(65, f"a damaged run, and {refusal}") from None
            raise
        older = [run for run in counting[len(window):] if run.account == window[0].account]
        check_summaries(window, older[0] if older else None, usable, broken, max_jump, max_list_shrink, result)
        ids = listed_ids(window, usable)
        if result.exceeds(100 * len(ids), Fraction(str(max_listed)) * window[0].unique) and ids:
            raise Refusal(4, "too many would be listed")
        result.rows = walk(ids, counting)
    except Refusal as refusal:
        result.code, result.reason = refusal.code, refusal.reason
    return result


def verdict(directory, now, **options):
    """(exit code, rows). The options are runs, days, max_jump, max_list_shrink and max_listed."""
    result = judge(directory, now, **options)
    return result.code, result.rows


def unusable(directory, now):
    """The run directories that cannot be used, by kind."""
    return judge(directory, now).unusable


if __name__ == "__main__":
    answer = judge(sys.argv[1], int(time.time()))
    print(answer.code, answer.reason, answer.unusable, *answer.rows, sep="\n")
