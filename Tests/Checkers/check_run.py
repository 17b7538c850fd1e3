#!/usr/bin/env python3
"""Checks what one run of the program left: exit code, snapshots, `latest`, history and files agree, and no secret leaked.

usage: check_run.py < FACTS

FACTS is one JSON object:
  directory   the working directory; nothing in it may change except the output directory
  output      the output directory, in `directory`
  before      the `listing` of `directory` before the run
  scratch     another directory, with the run's `stdout`, its `stderr`, and `tmp`, which was its TMPDIR
  code        the exit code
  ids         a file of the ids that must be published in order, one per line; may be missing
  sandbox     whether the run used the sandbox, so that every definite status is known
  secret      the text that no file may contain, except those in `spared`
  makes       names in `directory` that the run, or a program around it, may make or change
  setting     "ordinary"; "beside another run" in the same output directory; or "latest cannot be made" if a test made a
              step after the rename of the snapshot fail
Prints what is wrong and exits 1, or prints `sound` and exits 0.
"""

import csv
import json
import os
import re
import stat
import sys

import check_snapshot
import find_secret

RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}(-incomplete)?")
# The files that the next run needs of a run that stopped early, and a file that may also exist.
WORK, MORE_WORK = {"spool", "answers", "run.json"}, {"rejected.csv"}
# Exit codes after which there may be work files without a snapshot: disk errors and signals.
UNPUBLISHED = (73, 74, 129, 130, 143)


def listing(directory):
    """Each path below a directory with its kind, and for a file its size and modification time, for a link its target."""
    found = {}
    for folder, folders, names in os.walk(directory):
        for name in folders + names:
            path = os.path.join(folder, name)
            facts = os.lstat(path)
            if stat.S_ISLNK(facts.st_mode):
                entry = "link to " + os.readlink(path)
            elif stat.S_ISREG(facts.st_mode):
                entry = f"file {facts.st_size} {facts.st_mtime_ns}"
            else:
                entry = "directory" if stat.S_ISDIR(facts.st_mode) else "other"
            found[os.path.relpath(path, directory)] = entry
    return found


class Run:
    def __init__(self, facts):
        self.facts = facts
        self.code, self.setting, self.ids = facts["code"], facts["setting"], facts.get("ids")
        self.output = os.path.relpath(facts["output"], facts["directory"])
        self.before = facts["before"]
        self.now = listing(facts["directory"])
        self.wrong = []

    def at(self, *names):
        return "/".join([self.output, *names])

    def snapshots(self, when):
        """The names of the run directories."""
        return {path[len(self.output) + 1:] for path, entry in when.items()
                if entry == "directory" and os.path.dirname(path) == self.output and RUN.fullmatch(os.path.basename(path))}

    def is_new(self, name):
        """Whether this run published the snapshot. A run that stops again replaces its own earlier snapshot."""
        summary = self.at(name, "summary.json")
        replaced = name.endswith("-incomplete") and self.now.get(summary) != self.before.get(summary)
        return replaced or name not in self.snapshots(self.before)

    def check(self):
        self.secret()
        if self.setting == "beside another run":
            return self  # its files come and go; the check of the other run covers what both leave
        self.new = sorted(name for name in self.snapshots(self.now) if self.is_new(name))
        self.run = self.new[0].removesuffix("-incomplete") if self.new else None
        self.ending()
        self.work()
        self.history()
        self.changes()
        ids = check_snapshot.read_ids(self.ids) if self.ids else None
        for name in sorted(self.snapshots(self.now)):
            path = os.path.join(self.facts["output"], name)
            is_new = name in self.new
            checker = check_snapshot.Checker(path).check(ids if is_new else None, self.facts["sandbox"])
            self.wrong += [f"{name}: {line}" for line in checker.wrong]
            exit_code = checker.summary and checker.summary["run"]["exit_code"]
            if is_new and self.setting == "ordinary" and exit_code != self.code:
                self.wrong.append(f"{name}: exit code {exit_code} in the summary, and the run's was {self.code}")
        return self

    def ending(self):
        """The exit code, the suffix of the directory and `latest` agree."""
        code, new = self.code, self.new
        latest, link = self.now.get(self.at("latest")), self.before.get(self.at("latest"))
        if len(new) > 1 or (not new and (code in (0, 3) or self.ids or self.setting != "ordinary")):
            self.wrong.append(f"exit code {code}, and the new snapshots are {new}")
        elif self.setting == "latest cannot be made":
            if code != 0:
                self.wrong.append(f"exit code {code} of a run whose latest cannot be made")
        elif code == 0:
            if new[0].endswith("-incomplete"):
                self.wrong.append(f"exit code 0, and the snapshot is {new[0]}")
            if latest != "link to " + new[0]:
                self.wrong.append(f"exit code 0, and latest is {latest}, not a link to {new[0]}")
            if new[0] + "-incomplete" in self.snapshots(self.now):
                self.wrong.append(f"exit code 0, and {new[0]}-incomplete is still there")
        else:
            if new and (code in (64, 65, 66) or not new[0].endswith("-incomplete")):
                self.wrong.append(f"exit code {code}, and the snapshot is {new[0]}")
            if latest != link:
                self.wrong.append(f"exit code {code}, and latest is {latest}; it was {link}")
            if not new and self.now.get(self.at("history.csv")) != self.before.get(self.at("history.csv")):
                self.wrong.append(f"exit code {code}, no snapshot, and history.csv was changed")

    def work(self):
        """A run that stopped early leaves the files that the next run needs; any other run leaves no work files."""
        folder = self.at(".work", "")
        found = {path[len(folder):] for path in self.now if path.startswith(folder)} - {".lock"}
        missing = set()
        if self.new and self.code not in (0, 3):
            missing = {self.run} | {f"{self.run}/{name}" for name in WORK}
            extra = found - missing - {f"{self.run}/{name}" for name in MORE_WORK}
        elif self.new:
            extra = found
        elif self.code in UNPUBLISHED:
            extra = {path for path in found if os.path.basename(path) not in WORK | MORE_WORK and not RUN.fullmatch(path)}
        else:
            extra = {path for path in found if self.before.get(folder + path) != self.now[folder + path]}
        self.wrong += [f"{folder}{path} is missing" for path in sorted(missing - found)]
        self.wrong += [f"{folder}{path} is left" for path in sorted(extra)]

    def history(self):
        """Each row belongs to a run, and no run has two rows."""
        path = os.path.join(self.facts["output"], "history.csv")
        if not os.path.isfile(path):
            return
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        first = text.split("\n", 1)[0]
        table = list(csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=first.count)))
        if "run_id" not in table[0]:
            return  # a file of the user with that name
        column, rows = table[0].index("run_id"), table[1:]
        runs = [row[column] if len(row) > column else "" for row in rows]
        known = {name.removesuffix("-incomplete") for name in self.snapshots(self.now)}
        is_older = self.at("history.csv") in self.before  # and may have rows of runs whose snapshots are gone
        for row, run in zip(rows, runs):
            if not RUN.fullmatch(run) or (run not in known and not is_older):
                self.wrong.append(f"history.csv has a row of no run: {row}")
            elif runs.count(run) > 1:
                self.wrong.append(f"history.csv has a run twice: {row}")

    def changes(self):
        """No other file was created, removed or changed."""
        for path in sorted(self.now.keys() | self.before.keys()):
            was, entry = self.before.get(path), self.now.get(path)
            if was == entry or path.split("/")[0] in self.facts["makes"] or self.is_of_the_run(path):
                continue
            if entry is None:
                self.wrong.append(f"{path} is gone")
            elif was is None and not self.may_come(path, entry):
                self.wrong.append(f"{path} is left ({entry})")
            elif was is not None and not self.may_change(path):
                self.wrong.append(f"{path} was changed: {was}, and now {entry}")
        for name in sorted(listing(os.path.join(self.facts["scratch"], "tmp"))):
            self.wrong.append(f"{name} is left in TMPDIR")

    def is_of_the_run(self, path):
        """Whether a path is in the run's snapshot, in its earlier incomplete snapshot, or a work file (checked in `work`)."""
        names = [".work"] + ([self.run, self.run + "-incomplete"] if self.new else [])
        return any((path + "/").startswith(self.at(name, "")) for name in names) and path != self.at(".work", ".lock")

    def may_change(self, path):
        return path in (self.at("latest"), self.at("history.csv"), self.at(".work", ".lock"))

    def may_come(self, path, entry):
        if (self.output + "/").startswith(path + "/"):
            return entry == "directory"
        if path.startswith(self.output + "/"):
            return self.may_change(path)
        # An idle database in WAL mode may keep empty sidecar files of SQLite.
        sidecar = re.fullmatch(r"(.*)-(wal|shm)", path)
        return bool(sidecar and sidecar[1] in self.before and (sidecar[2] == "shm" or entry.startswith("file 0 ")))

    def secret(self):
        places, read = find_secret.search(
            self.facts["secret"], [self.facts["directory"], self.facts["scratch"]], self.facts["spared"])
        self.wrong += [f"the secret is in {place}" for place in places]
        if read < 2:  # its stdout and stderr at least
            self.wrong.append(f"only {read} files were searched")


def main():
    run = Run(json.load(sys.stdin)).check()
    for line in run.wrong[:20]:
        print(line)
    if run.wrong:
        sys.exit(1)
    print("sound")


if __name__ == "__main__":
    main()
