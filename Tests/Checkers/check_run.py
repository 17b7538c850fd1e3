#!/usr/bin/env python3
"""Checks what one run of the program left: exit code, snapshots, `latest`, history and files agree, and no secret is out.

usage: check_run.py < FACTS

FACTS is one JSON object:
  directory   where the run worked; nothing in it changes but the output directory
  output      the output directory, in it
  before      what was in it before, as `listing` tells it
  scratch     a directory of the run's own, with its `stdout`, its `stderr`, and `tmp`, which was its TMPDIR
  code        its exit code
  ids         a file of the ids that it has to have published, one a line, in order; if there is one
  sandbox     whether it asked the sandbox, so that every definite status is known
  secret      what nobody may see; `spared` are the files that are meant to hold it
  makes       names in the directory that it, or a program around it, is meant to make or change
  setting     "ordinary", "beside another run" in the same output directory, or "latest cannot be made", where a test made
              what follows the snapshot's own rename fail
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
# What the next run needs of one that stopped early, and what there may be besides.
WORK, MORE_WORK = {"spool", "answers", "run.json"}, {"rejected.csv"}
# Ends after which there may be work without a snapshot: errors of the disk, and signals.
UNPUBLISHED = (73, 74, 129, 130, 143)


def listing(directory):
    """Each path below a directory with its kind, and for a file size and time of change, for a link its target."""
    found = {}
    for folder, folders, names in os.walk(directory):
        for name in folders + names:
            path = os.path.join(folder, name)
            facts = os.lstat(path)
            if stat.S_ISLNK(facts.st_mode):
                told = "link to " + os.readlink(path)
            elif stat.S_ISREG(facts.st_mode):
                told = f"file {facts.st_size} {facts.st_mtime_ns}"
            else:
                told = "directory" if stat.S_ISDIR(facts.st_mode) else "other"
            found[os.path.relpath(path, directory)] = told
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
        return {path[len(self.output) + 1:] for path, told in when.items()
                if told == "directory" and os.path.dirname(path) == self.output and RUN.fullmatch(os.path.basename(path))}

    def is_new(self, name):
        """Whether this run published it; one that stops again replaces its own earlier snapshot."""
        summary = self.at(name, "summary.json")
        replaced = name.endswith("-incomplete") and self.now.get(summary) != self.before.get(summary)
        return replaced or name not in self.snapshots(self.before)

    def check(self):
        self.secret()
        if self.setting == "beside another run":
            return self  # whose files come and go; the check of that run sees what is left of both
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
            told = checker.summary and checker.summary["run"]["exit_code"]
            if is_new and self.setting == "ordinary" and told != self.code:
                self.wrong.append(f"{name}: exit code {told} in the summary, and the run's was {self.code}")
        return self

    def ending(self):
        """The exit code, the directory's suffix and `latest` tell the same."""
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
        """A run that stopped early leaves what the next one needs, and no other leaves anything."""
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
        """Each row is of a run, and no run has two."""
        path = os.path.join(self.facts["output"], "history.csv")
        if not os.path.isfile(path):
            return
        with open(path, encoding="utf-8-sig", newline="") as file:
            text = file.read()
        first = text.split("\n", 1)[0]
        table = list(csv.reader(text.splitlines(keepends=True), delimiter=max(",;\t", key=first.count)))
        if "run_id" not in table[0]:
            return  # somebody's file of that name
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
        """Nothing else came, went or changed."""
        for path in sorted(self.now.keys() | self.before.keys()):
            was, told = self.before.get(path), self.now.get(path)
            if was == told or path.split("/")[0] in self.facts["makes"] or self.is_of_the_run(path):
                continue
            if told is None:
                self.wrong.append(f"{path} is gone")
            elif was is None and not self.may_come(path, told):
                self.wrong.append(f"{path} is left ({told})")
            elif was is not None and not self.may_change(path):
                self.wrong.append(f"{path} was changed: {was}, and now {told}")
        for name in sorted(listing(os.path.join(self.facts["scratch"], "tmp"))):
            self.wrong.append(f"{name} is left in TMPDIR")

    def is_of_the_run(self, path):
        """Its snapshot, the earlier and incomplete form of it, or work, which is looked at by itself."""
        names = [".work"] + ([self.run, self.run + "-incomplete"] if self.new else [])
        return any((path + "/").startswith(self.at(name, "")) for name in names) and path != self.at(".work", ".lock")

    def may_change(self, path):
        return path in (self.at("latest"), self.at("history.csv"), self.at(".work", ".lock"))

    def may_come(self, path, told):
        if (self.output + "/").startswith(path + "/"):
            return told == "directory"
        if path.startswith(self.output + "/"):
            return self.may_change(path)
        # An idle database in WAL mode may keep sidecars of SQLite's own, with nothing in them.
        sidecar = re.fullmatch(r"(.*)-(wal|shm)", path)
        return bool(sidecar and sidecar[1] in self.before and (sidecar[2] == "shm" or told.startswith("file 0 ")))

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
