#!/usr/bin/env python3
"""Checks a page of `report` in headless Chromium against the files that it was made from.

usage: check_report.py PAGE DIRECTORY [--limit PERCENT]...
       check_report.py --prove PAGE DIRECTORY [--limit PERCENT]...

PAGE was made from the output directory DIRECTORY, with gates `unavailable > PERCENT%`. The drawn values are read back from the
geometry through the axes, and from the text, and compared with figures computed from the files. In light and dark mode the page
may make no request, log no message, cut nothing off on a phone, and show no faint text. Prints the findings and exits 1, or
prints how many figures it compared and exits 0. With --prove it must also refuse tampered copies of PAGE, each for the right
reason; use a page of a history with a gap, incomplete runs and a limit, which has every kind of element.
"""

import argparse
import os
import sys
import urllib.parse

import report_page
from browser import Browser
from report_charts import ROUNDING, STATUSES, ChartChecks, percent, share, time_of
from report_figures import DEFINITE, KINDS, REACHABLE, History


class Check(ChartChecks):
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
        self.wrong.append(f"{what}: {shown!r}, expected {wanted!r}")

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
        start = shares[0] if least == most else f"at least {shares[0]}, at most {shares[1]}"
        before = self.history.against
        if before and least == most and not before.counts["unresolved"]:
            points = f"{run.percent('unavailable') - before.percent('unavailable'):+.1f}".replace("-", "−")
            start += ", no change since " if points[1:] == "0.0" else f", {points} points since "
        self.same("detail", self.facts["detail"][:len(start)], start)
        self.same("complete", "incomplete" in self.facts["run"], not run.complete)
        statuses = [name for name in STATUSES if name != "unresolved" or counts[name]]
        for name, (label, text) in zip(statuses, self.facts["parts"], strict=True):
            wanted = f"{counts[name]:,} {percent(counts[name], counts['unique'])}"
            if before:
                change = counts[name] - before.counts[name]
                wanted += ", " + (f"{change:+,}".replace("-", "−") if change else "±0")
            self.same(f"part {name}", (label, text), (name, wanted))

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
        for index, ((name, number), (y, width, text)) in enumerate(zip(spans.items(), shown["bars"])):
            self.same(f"recency: position of {name}", int(y), index)
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
        reported = any("left out here" in note for _, note in self.facts["notes"])
        self.same("runs: others reported", reported, self.history.left_out > 0)

    def accessible(self):
        headings = self.facts["headings"]
        self.same("headings in order", headings[:1] == [1] and headings.count(1) == 1
                  and all(later <= earlier + 1 for earlier, later in zip(headings, headings[1:])), True)
        self.same("language", self.facts["lang"], "en")
        for what in ("unnamed", "tableless", "unreachable", "handlers"):
            self.same(f"accessible: {what}", self.facts[what], 0)
        self.same("what a page could load", self.facts["loads"], [])


def findings(browser, page, history, limits, views=report_page.VIEWS):
    """The findings about a page, and the number of compared figures."""
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
    print("\n".join(wrong[:40]) or f"{compared} figures, no findings")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
