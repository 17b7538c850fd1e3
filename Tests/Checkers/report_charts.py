"""Compares the charts of a page with the figures that they are made from."""

import datetime

import report_page
from report_figures import milliseconds

STATUSES = ["online", "offline", "undisclosed", "unavailable", "unresolved"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Two decimals of a coordinate.
ROUNDING = 0.0051


def time_of(run):
    return f"{run.started.day} {run.started:%B %Y, %H:%M}"


def percent(part, whole):
    """With one decimal, rounded half away from zero."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10} %"


def share(part, whole):
    return f"{part:,} ({percent(part, whole)})"


class ChartChecks:
    """A part of `check_report.Check`, which has the page's facts, the history, and `same`."""

    def axes(self, name, chart):
        runs = self.history.runs
        margin = 12 * 3_600_000 if len({run.at for run in runs}) == 1 else 0
        self.same(f"{name}: the axis starts", chart["left"], runs[0].at - margin)
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
            position = 1000 * (run.at - chart["left"]) / (chart["right"] - chart["left"])
            self.same(f"{name}: the column of {run.id}", x - 0.01 <= position <= x + width + 0.01, True)
        gaps = sum(later.at - earlier.at > 2.5 * self.history.usual for earlier, later in zip(runs, runs[1:]))
        self.same(f"{name}: gaps reported", any("nothing is drawn" in note for note in chart["notes"]), gaps > 0)

    def at(self, chart, point):
        """A point of the box as (time, value), and the tolerances of both."""
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
                self.same(f"hours: hover of {name}", text, f"{name} UTC: no run started then")
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
