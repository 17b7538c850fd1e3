#!/usr/bin/env python3
"""Checks a page of `report` in headless Chromium against the files that it was made from.

usage: check_report.py PAGE DIRECTORY [--limit PERCENT]...
       check_report.py --prove PAGE DIRECTORY [--limit PERCENT]...

PAGE was made from the output directory DIRECTORY, with gates `unavailable > PERCENT%`. What is drawn is read back from the
geometry by way of the axes, and from the text, and compared with figures that are computed from the files. Nothing may be
asked for or complained of, nothing be cut on a phone, no text be faint, in light and in dark. Prints what is wrong and exits
1, or prints how many figures it compared and exits 0. With --prove it has to refuse doctored copies of PAGE, each for the
right reason: one of a history with a gap, incomplete runs and a limit has something of every kind.
"""

import argparse
import datetime
import os
import sys
import urllib.parse

import report_page
from browser import Browser
from report_figures import DEFINITE, KINDS, REACHABLE, History, milliseconds

STATUSES = ["online", "offline", "undisclosed", "unavailable", "unresolved"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Two decimals of a coordinate.
ROUNDING = 0.0051


def time_of(run):
    return f"{run.started.day} {run.started:%B %Y, %H:%M}"


def percent(part, whole):
    """With one decimal, a half away from zero."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"


def share(part, whole):
    return f"{part:,} ({percent(part, whole)})"


class Check:
    """One page against one history."""

    def __init__(self, facts, history, limits):
        self.facts, self.history, self.limits = facts, history, limits
        self.wrong, self.compared = [], 0

    def same(self, what, shown, wanted, within=0):
        self.compared += 1
        if within and isinstance(shown, (int, float)):
            if abs(shown - wanted) <= within:
                return
        elif shown == wanted:
            return
        self.wrong.append(f"{what}: {shown!r}, and it is {wanted!r}")

    def all(self):
        self.headline()
        for name in ("statuses", "unavailable"):
            self.axes(name, self.facts["charts"][name])
        self.statuses(self.facts["charts"]["statuses"])
        self.unavailable(self.facts["charts"]["unavailable"])
        self.hours(self.facts["hours"])
        self.moves()
        self.recency(self.facts["recency"])
        self.coverage(self.facts["coverage"])
        self.card()
        self.table_of_runs()
        self.accessible()
        return self.wrong

    def headline(self):
        run, counts = self.history.newest, self.history.newest.counts
        least, most = counts["unavailable"], counts["unavailable"] + counts["unresolved"]
        number = f"{least:,}" if least == most else f"{least:,}–{most:,}"
        self.same("headline", self.facts["headline"], f"{number} of {counts['unique']:,} unavailable")
        self.same("account", self.facts["account"], " ".join((run.name or run.source).split()))
        shares = [percent(number, counts["unique"]) for number in (least, most)]
        begin = shares[0] if least == most else f"at least {shares[0]}, at most {shares[1]}"
        before = self.history.against
        if before and least == most and not before.counts["unresolved"]:
            points = f"{run.percent('unavailable') - before.percent('unavailable'):+.1f}".replace("-", "−")
            begin += ", no change since " if points[1:] == "0.0" else f", {points} points since "
        self.same("detail", self.facts["detail"][:len(begin)], begin)
        self.same("complete", "incomplete" in self.facts["run"], not run.complete)
        statuses = [name for name in STATUSES if name != "unresolved" or counts[name]]
        for name, (label, text) in zip(statuses, self.facts["parts"], strict=True):
            wanted = f"{counts[name]:,} {percent(counts[name], counts['unique'])}"
            if before:
                change = counts[name] - before.counts[name]
                wanted += ", " + (f"{change:+,}".replace("-", "−") if change else "±0")
            self.same(f"part {name}", (label, text), (name, wanted))

    def axes(self, name, chart):
        runs = self.history.runs
        margin = 12 * 3_600_000 if len({run.at for run in runs}) == 1 else 0
        self.same(f"{name}: the axis begins", chart["left"], runs[0].at - margin)
        self.same(f"{name}: the axis ends", chart["right"], runs[-1].at + margin)
        for percent, label in chart["y"]:
            value = float(label.rstrip("% kM").replace(",", "")) * {"k": 1e3, "M": 1e6}.get(label[-1], 1)
            self.same(f"{name}: mark {label}", percent, 100 * value / chart["top"], 0.006)
        for percent, label in chart["x"]:
            time = datetime.datetime.fromtimestamp(
                round((chart["left"] + percent / 100 * (chart["right"] - chart["left"])) / 3.6e6) * 3600, datetime.UTC)
            exact = 100 * (milliseconds(time) - chart["left"]) / (chart["right"] - chart["left"])
            self.same(f"{name}: mark {label}", percent, exact, 0.006)
            names = [f"{time:%H:%M}"] if time.hour else [f"{time.day} {time:%b}", f"{time:%b %Y}"]
            self.same(f"{name}: mark {label}", label in names, True)
        self.same(f"{name}: columns", len(chart["columns"]), len(runs))
        for run, (x, width, _) in zip(runs, chart["columns"]):
            place = 1000 * (run.at - chart["left"]) / (chart["right"] - chart["left"])
            self.same(f"{name}: the column of {run.id}", x - 0.01 <= place <= x + width + 0.01, True)
        gaps = sum(later.at - earlier.at > 2.5 * self.history.usual for earlier, later in zip(runs, runs[1:]))
        self.same(f"{name}: gaps told", any("nothing is drawn" in note for note in chart["notes"]), gaps > 0)

    def at(self, chart, point):
        """A point of the box as (time, value), and how exact they are."""
        span = chart["right"] - chart["left"]
        return (chart["left"] + point[0] / 1000 * span, chart["top"] * (400 - point[1]) / 400,
                span / 1000 * ROUNDING, chart["top"] / 400 * ROUNDING)

    def place(self, what, chart, point, run, value):
        time, shown, near, close = self.at(chart, point)
        self.same(f"{what}: time of {run.id}", time, run.at, near)
        self.same(f"{what}: value of {run.id}", shown, value, close)

    def statuses(self, chart):
        runs = self.history.runs
        names = [name for name in STATUSES if name != "unresolved" or any(run.counts[name] for run in runs)]
        stretches = self.history.stretches()
        self.same("statuses: bands", [name for name, _ in chart["bands"]], [name for name in names for _ in stretches])
        paths = iter(chart["bands"])
        for number, name in enumerate(names):
            for stretch in stretches:
                corners = report_page.points(next(paths, ("", ""))[1])
                half = len(corners) // 2
                upper, lower = corners[:half], corners[:half - 1:-1]
                if len(stretch) == 1 and half == 2:  # a column: both its edges, about its middle
                    upper, lower = [[((a[0] + b[0]) / 2, a[1]) for a, b in [edge]] for edge in (upper, lower)]
                self.same(f"band {name}: runs from {stretch[0].id}", (len(upper), len(lower)), (len(stretch),) * 2)
                for run, above, below in zip(stretch, upper, lower):
                    under = sum(run.counts[other] for other in names[:number])
                    self.place(f"band {name}: lower edge", chart, below, run, under)
                    self.place(f"band {name}: upper edge", chart, above, run, under + run.counts[name])
        for run, (_, _, text) in zip(runs, chart["columns"]):
            lines = [f"{name} {share(run.counts[name], run.counts['unique'])}" for name in reversed(names)]
            noun = "id" if run.counts["unique"] == 1 else "ids"
            self.same(f"statuses: hover of {run.id}", text,
                      " ".join([f"{time_of(run)} UTC: {run.counts['unique']:,} {noun}", *lines]))
        newest = runs[-1].counts
        self.same("statuses: legend", chart["legend"],
                  [f"{name} {share(newest[name], newest['unique'])}" for name in reversed(names)])
        self.same("statuses: table", chart["table"]["rows"],
                  [[time_of(run)] + [f"{run.counts[name]:,}" for name in ("unique", *names)] for run in reversed(runs)])

    def unavailable(self, chart):
        runs = self.history.runs

        def exact(run):
            return not run.counts["unresolved"]
        stretches = self.history.stretches(exact)
        self.same("unavailable: lines", len(chart["lines"]), len(stretches))
        for stretch, path in zip(stretches, chart["lines"]):
            corners = report_page.points(path)
            self.same(f"unavailable: runs of a line from {stretch[0].id}", len(corners), len(stretch))
            for run, corner in zip(stretch, corners):
                self.place("unavailable: line", chart, corner, run, run.percent("unavailable"))
        dotted = [run for stretch in stretches for run in stretch if len(runs) <= 60 or len(stretch) == 1]
        self.same("unavailable: dots", len(chart["dots"]), len(dotted))
        for run, path in zip(dotted, chart["dots"]):
            self.place("unavailable: dot", chart, report_page.points(path)[0], run, run.percent("unavailable"))
        ranges = [run for run in runs if not exact(run)]
        self.same("unavailable: ranges", len(chart["ranges"]), len(ranges))
        for run, path in zip(ranges, chart["ranges"]):
            start, _, most = path.partition("V")
            [low] = report_page.points(start)
            self.place("unavailable: at least", chart, low, run, run.percent("unavailable"))
            self.place("unavailable: at most", chart, (low[0], float(most)), run, run.percent("unavailable", "unresolved"))
        self.same("unavailable: limits", [value for value, _ in chart["limits"]], self.limits)
        for limit, (_, path), (bottom, _) in zip(self.limits, chart["limits"], chart["limitLabels"], strict=True):
            height = report_page.points(path.replace("H", "L1000 "))[0][1]
            self.same(f"unavailable: limit {limit}", self.at(chart, (0, height))[1], limit, chart["top"] / 400 * ROUNDING)
            self.same(f"unavailable: label of limit {limit}", bottom, 100 * limit / chart["top"], 0.006)
        for run, (_, _, text) in zip(runs, chart["columns"]):
            least, most = run.counts["unavailable"], run.counts["unavailable"] + run.counts["unresolved"]
            low, high = [percent(number, run.counts["unique"]) for number in (least, most)]
            words = (f"{least:,}", low) if exact(run) else (f"at least {least:,}, at most {most:,}",
                                                            f"at least {low}, at most {high}")
            self.same(f"unavailable: hover of {run.id}", text,
                      f"{time_of(run)} UTC: {words[0]} unavailable of {run.counts['unique']:,}, {words[1]}")
        self.same("unavailable: table", [row[:3] for row in chart["table"]["rows"]],
                  [[time_of(run), f"{run.counts['unavailable']:,}",
                    f"{run.counts['unavailable'] + run.counts['unresolved']:,}"] for run in reversed(runs)])
        for run, row in zip(reversed(runs), chart["table"]["rows"]):
            self.same(f"unavailable: least share of {run.id}", float(row[3]), run.percent("unavailable"), ROUNDING)
            self.same(f"unavailable: most of {run.id}", float(row[4]), run.percent("unavailable", "unresolved"), ROUNDING)

    def hours(self, shown):
        bins = self.history.hours()
        self.same("hours: squares", len(shown["cells"]), 168)
        low, high = min((found[1] for found in bins.values()), default=0), max((found[1] for found in bins.values()), default=0)
        self.same("hours: lowest", shown["low"], low, 0.00006)
        self.same("hours: highest", shown["high"], high, 0.00006)
        for x, y, opacity, _, is_none, text in shown["cells"]:
            day, hour = int(y), int(x)
            name = f"{DAYS[day]} {hour:02}:00–{(hour + 1) % 24:02}:00"
            self.same(f"hours: {name} without runs", is_none, (day, hour) not in bins)
            if (day, hour) not in bins:
                self.same(f"hours: hover of {name}", text, f"{name} UTC: no run began then")
                continue
            runs, value, online, answered = bins[day, hour]
            shade = (value - low) / (high - low) if high > low else 0.5
            self.same(f"hours: shade of {name}", opacity, 0.12 + 0.88 * shade, 0.002)
            words = f"{percent(online, answered)} online, {runs} run{'' if runs == 1 else 's'}"
            self.same(f"hours: hover of {name}", text, f"{name} UTC: {words}")
        best = sorted(bins, key=lambda key: (-bins[key][1], key))[:3]
        self.same("hours: best", sorted((int(cell[1]), int(cell[0])) for cell in shown["cells"] if cell[3]),
                  sorted(best) if len(bins) > 1 else [])
        if best:
            day, hour = best[0]
            name = f"{DAYS[day]} {'at' if len(bins) == 1 else 'from'} {hour:02}:00–{(hour + 1) % 24:02}:00 UTC"
            self.same("hours: advice", name in shown["label"] and percent(*bins[best[0]][2:]) in shown["label"], True)
        self.same("hours: table", [[row[0], row[1]] for row in shown["table"]["rows"]],
                  [[f"{DAYS[day]} {hour:02}:00–{(hour + 1) % 24:02}:00", str(bins[day, hour][0])] for day, hour in sorted(bins)])
        for key, row in zip(sorted(bins), shown["table"]["rows"]):
            self.same(f"hours: share of {row[0]}", float(row[2]), bins[key][1], ROUNDING)

    def moves(self):
        if not self.history.against:
            return self.same("moves: a table without an earlier run", self.facts["moves"], None)
        moves, kinds = self.history.moves(), KINDS
        shown = {}
        for name, *cells in self.facts["moves"]["rows"]:
            for to, text in zip(self.facts["moves"]["head"][1:], cells, strict=True):
                if text not in ("", "·"):
                    pair = tuple(None if word in ("new", "gone") else word.replace(" ", "_") for word in (name, to))
                    shown[pair] = int(text.replace(",", ""))
        self.same("moves", shown, moves)
        sums = [sum(number for (was, now), number in moves.items() if now == "unavailable" and was in REACHABLE),
                sum(number for (was, now), number in moves.items() if was == "unavailable" and now in REACHABLE),
                sum(number for (was, now), number in moves.items() if was is None and now in kinds),
                sum(number for (was, now), number in moves.items() if now is None and was in kinds)]
        self.same("moves: sums", [text.split()[0] for text in self.facts["sums"]], [f"{number:,}" for number in sums])

    def recency(self, shown):
        if not self.history.audited:
            return
        spans = self.history.recency()
        total = sum(spans.values())
        self.same("recency: longest", shown["longest"], max(1, *spans.values()))
        self.same("recency: spans", len(shown["bars"]), len(spans))
        for place, ((name, number), (y, width, text)) in enumerate(zip(spans.items(), shown["bars"])):
            self.same(f"recency: place of {name}", int(y), place)
            self.same(f"recency: bar of {name}", width / 1000 * shown["longest"], number, shown["longest"] / 1000 * ROUNDING)
            self.same(f"recency: hover of {name}", text, f"{name}: {share(number, total)}")
        figures = [[f"{number:,}", percent(number, total)] for number in spans.values()]
        self.same("recency: figures", shown["figures"], ["".join(figure) for figure in figures])
        self.same("recency: table", shown["table"]["rows"], [[name, *figure] for name, figure in zip(spans, figures)])

    def coverage(self, shown):
        run = self.history.audited
        if not run or not run.subscribers:
            return self.same("coverage: without a count", shown, None)
        reachable = sum(run.counts[name] for name in REACHABLE)
        numbers = [run.subscribers, run.counts["unique"], reachable]
        whole = max(numbers)
        self.same("coverage: whole", shown["whole"], whole)
        mark = report_page.points(shown["mark"])[0][0]
        for what, width, number in zip(("mark", "list", "reachable"), (mark, *shown["widths"]), numbers, strict=True):
            self.same(f"coverage: {what}", width / 1000 * whole, number, whole / 1000 * ROUNDING)
        for row, number in zip(shown["table"]["rows"], numbers, strict=True):
            self.same(f"coverage: {row[0]}", row[1], f"{number:,}")
            self.same(f"coverage: share of {row[0]}", float(row[2]), 100 * number / run.subscribers, ROUNDING)

    def card(self):
        account = self.history.audited and self.history.summaries[self.history.audited.id]["account"] or {}
        fields = dict(self.facts["card"])
        for label, key in [("Name", "name"), ("Id", "id"), ("URI", "uri"), ("Country", "country"), ("Webhook", "webhook")]:
            self.same(f"account: {label}", fields.get(label), " ".join(account[key].split()) if account.get(key) else None)
        if account.get("subscribers_count"):
            self.same("account: Subscribers", fields.get("Subscribers"), f"{account['subscribers_count']:,}")

    def table_of_runs(self):
        runs = list(reversed(self.history.runs))
        self.same("runs: table", [row[:8] + row[9:] for row in self.facts["runs"]["rows"]], [
            [run.id, time_of(run), "yes" if run.complete else "no"]
            + [f"{run.counts[name]:,}" for name in ("unique", *DEFINITE, "unresolved")] for run in runs])
        for run, row in zip(runs, self.facts["runs"]["rows"]):
            self.same(f"runs: share of {run.id}", float(row[8]), run.percent("unavailable"), ROUNDING)
        self.same("runs: linked", [name for name, _ in self.facts["links"]], [run.id for run in runs if run.id in self.history.paths])
        for name, link in self.facts["links"]:
            path = urllib.parse.unquote(link.removeprefix("file://"))
            there = os.path.realpath(os.path.join(self.facts["folder"], path))
            self.same(f"runs: link to {name}", there, os.path.realpath(self.history.paths[name]))
        told = any("left out here" in note for _, note in self.facts["notes"])
        self.same("runs: others told", told, self.history.left_out > 0)

    def accessible(self):
        headings = self.facts["headings"]
        self.same("headings in order", headings[:1] == [1] and headings.count(1) == 1
                  and all(later <= earlier + 1 for earlier, later in zip(headings, headings[1:])), True)
        self.same("language", self.facts["lang"], "en")
        for what in ("unnamed", "tableless", "unreachable", "handlers"):
            self.same(f"accessible: {what}", self.facts[what], 0)
        self.same("what a page could load", self.facts["loads"], [])


def findings(browser, page, history, limits, views=report_page.VIEWS):
    """What is wrong with a page, and how many figures were compared."""
    facts, wrong = report_page.read(browser, page, views)
    check = Check(facts | {"folder": os.path.dirname(os.path.abspath(page))}, history, limits)
    return wrong + check.all(), check.compared


def main():
    import report_proofs
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("directory")
    parser.add_argument("--prove", action="store_true")
    parser.add_argument("--limit", type=float, action="append", default=[])
    options = parser.parse_args()
    history = History(options.directory)
    with Browser() as browser:
        wrong, compared = findings(browser, options.page, history, options.limit)
        if options.prove and not wrong:
            wrong = report_proofs.failures(browser, options.page, history, options.limit)
    print("\n".join(wrong[:40]) or f"{compared} figures as they should be")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
