"""The checks after each run. Problems are collected, not raised, so that one round reports all of them."""

import collections
import csv
import os
import shutil
import stat
import subprocess
import sys
import types

from lived_in_home import OWNER, below, changes, portrait

CHECKER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Checkers", "check_snapshot.py")
ACCOUNT = "Sandbox"
# The exit codes of a hindered run. Any other run must exit with 0.
ALLOWED = {"full disk": {0, 73, 74}, "SIGKILL": {0, -9}, "SIGTERM": {0, 143}, "by a third user": {73}}
KNOWN = {".work", "latest", "history.csv"}
KNOWN_IN_WORK = {".lock", "last-exit.json"}


class Checks:
    def __init__(self, home, sandbox):
        self.home, self.sandbox = home, sandbox
        self.problems, self.round, self.can_read_table = [], "", True
        # Files reported as left behind, so that each is reported once.
        self.said_left = set()
        # The columns of the program in history.csv, and the number of requests until the end of the last good run.
        self.columns, self.requests_at_last_good = [], 0

    def say(self, *problems):
        more = [f"and {len(problems) - 4} more like this"] if problems[4:] else []
        for problem in [*problems[:4], *more]:
            self.problems.append(f"{self.round}: {problem}".replace(self.home.disk + "/", ""))

    def before(self):
        """The state before a run, for its check; must be called right before the run."""
        home = self.home
        home.remember()
        return types.SimpleNamespace(
            table=home.table(), everything=portrait(home.reports, home.elsewhere), snapshots=self.snapshots(),
            unfinished=home.unfinished(), requests=self.sandbox.requests())

    def snapshots(self):
        return {name: portrait(self.home.path(name)) for name in self.home.snapshots()}

    def check(self, outcome, before):
        kind, code, error = outcome.kind, outcome.code, outcome.error
        everything = portrait(self.home.reports, self.home.elsewhere)
        self.say(*changes(self.home.untouchable, self.home.untouchable_now(), ("mode", "uid", "gid", "content")))
        self.forget_lost_obstacles()
        if kind == "by a third user":
            self.say(*changes(before.everything, everything, ("mode", "uid", "gid", "content", "time")))
            if "chown" not in error:
                self.say(f"the error does not mention chown: {error!r}")
        # SIGTERM ends a program that has just started, before it can handle signals.
        is_too_early = kind == "SIGTERM" and code == -15 and everything == before.everything
        if code not in ALLOWED.get(kind, {0}) and not is_too_early:
            self.say(f"exit {code}: {error!r}")
        if code in (73, 74) and not error:
            self.say(f"exit {code} without a message")
        is_good = code == 0 and kind != "full disk"
        table = self.readable_table()
        if not self.columns and table:
            self.columns = table.header
        self.check_snapshots(before, table, is_good)
        self.check_history(before, table)
        self.check_owners(is_good)
        if is_good:
            self.check_good(error, before, table)

    def forget_lost_obstacles(self):
        """Forgets obstacles that a run changed, after the change was reported."""
        for name in sorted(self.home.obstacles):
            path = self.home.path(name)
            was, now = self.home.untouchable[path], portrait(path).get(path)
            if now is None or (was.mode, was.content) != (now.mode, now.content):
                self.home.obstacles.discard(name)
                self.home.foreign.discard(name)

    def readable_table(self):
        try:
            return self.home.table()
        except (ValueError, OSError, csv.Error) as problem:
            self.say(f"history.csv cannot be read: {problem}")
            self.can_read_table = False
            return None

    def fresh(self, before):
        """Names of the snapshots that the run published or changed."""
        return {name for name, now in self.snapshots().items()
                if name not in before.snapshots or any(changes(before.snapshots[name], now, ("mode", "content")))}

    def check_snapshots(self, before, table, is_good):
        """The earlier snapshots are unchanged, and the new ones are sound."""
        now = self.snapshots()
        for name, was in before.snapshots.items():
            if name not in now and name.removesuffix("-incomplete") not in now:
                self.say(f"snapshot {name} is gone")
            elif not name.endswith("-incomplete"):
                self.say(*changes(was, now[name], ("mode", "content")))
        rows = dict(table.rows()) if table else {}
        had_row = dict(before.table.rows()) if before.table else {}
        # A good run also adds the rows that are missing; they are checked with their snapshots.
        with_new_row = {name for name in now if is_good and table and name[:21] not in had_row}
        for name in sorted(self.fresh(before) | with_new_row):
            self.check_sound(name, rows.get(name[:21]) if is_good else None)

    def check_sound(self, name, row):
        """Runs check_snapshot.py on a copy of the snapshot, next to a history.csv with its row in the program's dialect."""
        view = self.home.folder + "/view"
        shutil.rmtree(view, ignore_errors=True)
        shutil.copytree(self.home.path(name), f"{view}/{name}", symlinks=True)
        with open(view + "/history.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(self.columns)
            if row:
                # A column that the user removed is not needed.
                usual = row | {"complete": row.get("complete", "").lower(), "account_name": row.get("account_name", ACCOUNT)}
                csv.writer(file, lineterminator="\n").writerow([usual.get(column, "") for column in self.columns])
        os.chmod(view + "/history.csv", 0o640)
        checked = subprocess.run(
            [sys.executable, "-B", CHECKER, f"{view}/{name}", "--ids", self.home.folder + "/ids", "--sandbox"],
            capture_output=True, text=True)
        self.say(*(f"{name}: {line}" for line in (checked.stdout + checked.stderr).splitlines()
                   if line and not line.startswith("sound: ") and (row or not line.startswith("history: [] is not"))))

    def check_history(self, before, table):
        """No run has two rows, and no content of history.csv is lost."""
        if not before.table or "history.csv" in self.home.obstacles:
            return
        rows, cells = (table.rows(), table.cells()) if table else ([], {})
        counts = collections.Counter(run for run, _ in rows)
        # A run that is finished now or later gets a new row, and so does a run that finished while the file could not be
        # written. In such a row only the columns that the user added must stay.
        stale = {run for run, row in before.table.rows()
                 if row.get("complete", "").lower() != "true" and os.path.isdir(self.home.path(run))}
        renewed = {name[:21] for name in self.fresh(before)} | before.unfinished | stale
        lost = {(run, column): cell for (run, column), cell in before.table.cells().items()
                if cells.get((run, column)) != cell and not (run in renewed and column in self.columns)}
        self.say(*(f"history.csv: {column} of {run} was {cell[:60]!r} and is {cells.get((run, column), '')[:60]!r}"
                   for (run, column), cell in lost.items()))
        self.say(*(f"history.csv: {count} rows of {run}" for run, count in counts.items() if count > 1))
        lost_rows = before.table.other_rows() - (table.other_rows() if table else collections.Counter())
        self.say(*(f"history.csv: a row is lost: {row}"[:200] for row in lost_rows))

    def check_owners(self, is_good):
        """All files of the program belong to the owner and have the documented mode; only unfinished work may differ."""
        wrong = []
        for path in below(self.home.reports):
            name, status = os.path.relpath(path, self.home.reports), os.lstat(path)
            if self.home.is_foreign(name) or not is_good and name.startswith(".work/"):
                continue
            if (status.st_uid, status.st_gid) != (OWNER, OWNER):
                wrong.append(f"{path} belongs to {status.st_uid}:{status.st_gid}")
                # So that the next round does not report it again.
                os.lchown(path, OWNER, OWNER)
            mode, is_directory = status.st_mode & 0o7777, stat.S_ISDIR(status.st_mode)
            modes = {".": {0o755}, ".work/.lock": {0o600, 0o640}}.get(name, {0o750 if is_directory else 0o640})
            if mode not in modes and not stat.S_ISLNK(status.st_mode):
                wrong.append(f"{path} has mode {mode:o}")
        self.say(*wrong)

    def check_good(self, error, before, table):
        """An unhindered run sent requests, published, wrote its row and its link, and left nothing else."""
        home = self.home
        new = [name for name in home.complete_snapshots() if name not in before.snapshots]
        if len(new) != 1:
            self.say(f"{len(new)} new complete snapshots")
        requests = self.sandbox.requests()
        # A resumed run may have had all answers before it was killed.
        if requests == (self.requests_at_last_good if before.unfinished else before.requests):
            self.say("no request was sent")
        self.requests_at_last_good = requests
        if "history.csv" not in home.obstacles:
            in_table = {run for run, _ in table.rows()} if table else set()
            missing = {name[:21] for name in home.snapshots()} - in_table
            self.say(*(f"history.csv has no row of {run}" for run in sorted(missing)))
        newest, link = max(home.complete_snapshots(), default=None), home.path("latest")
        target = os.readlink(link) if os.path.islink(link) else None
        if "latest" not in home.obstacles and target != newest:
            self.say(f"latest leads to {target}, not to {newest}")
        for name in sorted(home.obstacles):
            if not any("warning" in line and home.path(name) in line for line in error.splitlines()):
                self.say(f"no warning names {name}: {error!r}")
        finished = {name for name in home.snapshots() if name + "-incomplete" in home.snapshots()}
        left = set(os.listdir(home.reports)) - KNOWN - set(home.snapshots()) - home.foreign
        left |= self.left_in_work() | {name + "-incomplete" for name in finished}
        self.say(*(f"{name} is left behind" for name in sorted(left - self.said_left)))
        self.said_left |= left

    def left_in_work(self):
        return {".work/" + name for name in self.home.work() - KNOWN_IN_WORK}
