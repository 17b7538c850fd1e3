#!/usr/bin/env python3
"""Makes the n-th disk system call fail, or kills the run at it, for n = 1, 2, … until a run makes fewer than n calls.

usage: syscall_faults.py BINARY [--only [continued:]SYSCALL:FAULT]... [--every K]

FAULT is an error name (ENOSPC, EIO, …) or `kill`. strace counts the calls of each thread separately, which is why the program
writes files with pwrite64 from one thread, and uses pwrite64 for nothing else. After each run the exit code must be that of an
I/O error (or of SIGKILL), no incomplete snapshot may claim to be complete, `latest` must be the earlier snapshot, and the next
run, without a fault, must finish correctly and leave nothing behind. With --every K only each K-th n is tried. Prints a line for
each call and fault; exits 1 if something went wrong.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

CHECKER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Checkers", "check_snapshot.py")
TOKEN = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
ENVIRONMENT = {"VIBER_AUTH_TOKEN": TOKEN, "PATH": os.environ.get("PATH", "/usr/bin:/bin")}

# The calls by which a run changes the disk, and their faults.
CASES = [
    ("pwrite64", ["ENOSPC", "EIO", "EDQUOT", "kill"]), ("fsync", ["EIO", "ENOSPC", "kill"]), ("fdatasync", ["EIO"]),
    ("fallocate", ["ENOSPC", "kill"]), ("rename", ["EACCES", "EXDEV", "EROFS", "ENOSPC", "kill"]),
    ("mkdir", ["ENOSPC", "EACCES", "kill"]), ("symlink", ["ENOSPC", "kill"]), ("link", ["ENOSPC", "kill"]),
    ("unlink", ["EIO", "kill"]), ("rmdir", ["EIO", "kill"]), ("ftruncate", ["EIO", "kill"]),
]
ALLOWED = {73, 74}
# Calls that are traced only for the paths of a resumed run, whose names are known in advance. Otherwise they could not be
# distinguished from calls of the rest of the process.
CONTINUED = [("openat", ["EMFILE", "EIO", "kill"]), ("close", ["EIO", "kill"])]
# Calls of all parts of the process, also of the dynamic loader: any exit code without a trap is right, and the number of calls
# is limited here. The first call of a thread is left out: NIO reads the number of cores from /sys with it, and requires success.
EVERYWHERE = [("close", ["EIO"]), ("openat", ["EMFILE", "ENOSPC"])]
EVERYWHERE_PLACES = 60
TRAPS = {-4, -5, -6, -7, -8, -11, 132, 133, 134, 135, 136, 139}


# The ninth request belongs to the second run, which stops at it with 75 and leaves its work files.
UNFINISHED = "http-429:9999@9"


class SyscallFaults:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.wrong = binary, folder, []
        draw = random.Random(7)
        self.ids = [f"id-{number}-{draw.randrange(1 << 40):x}" for number in range(350)]
        with open(folder + "/list.csv", "w", encoding="utf-8") as file:
            file.write("id\n" + "".join(identifier + "\n" for identifier in self.ids) + "\n\n" + self.ids[0] + "\n")
        with open(folder + "/ids", "w", encoding="utf-8") as file:
            file.write("".join(identifier + "\n" for identifier in self.ids))

    def command(self, url):
        return [self.binary, "list.csv", "--base-url", url, "--rate", "0", "--settle", "10ms,10ms", "--quiet",
                "--concurrency", "1", "--output-dir", self.folder + "/reports"]

    def paths(self):
        """Every path that a run uses which resumes the unfinished one."""
        run = next(name for name in os.listdir(self.folder + "/unfinished/.work") if name.startswith("2"))
        files = ["subscribers.csv.gz", "snapshot.json.gz", "summary.json", "rejected.csv"]
        folders = [f".work/{run}", f".work/{run}/snapshot", f".work/{run}/replaced", run, run + "-incomplete"]
        names = [f"{folder}/{file}" for folder in folders for file in files] + folders
        names += [f".work/{run}/{name}" for name in ("spool", "answers", "run.json", "run.json.new")]
        names += [".", ".work", ".work/.lock", ".work/history.csv", ".work/latest", "history.csv", "latest"]
        return [os.path.normpath(f"{self.folder}/reports/{name}") for name in names]

    def run(self, url, injected=None, is_continued=False):
        command = self.command(url)
        if injected:
            call, fault, number = injected
            what = "signal=KILL" if fault == "kill" else "error=" + fault
            command = ["strace", "-f", "-qq", "-o", self.folder + "/trace", "-e", "trace=" + call,
                       "-e", f"inject={call}:{what}:when={number}",
                       *[word for path in (self.paths() if is_continued else []) for word in ("-P", path)]] + command
        return subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)

    def was_hit(self):
        with open(self.folder + "/trace", encoding="utf-8", errors="replace") as file:
            trace = file.read()
        return "(INJECTED)" in trace or "killed by SIGKILL" in trace

    def snapshots(self):
        return sorted(name for name in os.listdir(self.folder + "/reports") if name.startswith("2"))

    def check(self, what, name, settled, may_be_incomplete=False):
        command = [sys.executable, CHECKER, f"{self.folder}/reports/{name}", "--ids", self.folder + "/ids", "--sandbox"]
        checked = subprocess.run(command, capture_output=True, text=True)
        # The fault may strike between the snapshot and its row in the history; the next run writes the row.
        said = [line for line in (checked.stdout + checked.stderr).splitlines()
                if line and not line.startswith("sound: ") and (settled or not line.startswith("history: [] is not"))
                and not (may_be_incomplete and line.startswith("history: "))]
        if said:
            self.wrong.append(f"{what}: {name}: {said[0]}")
        if name.endswith("-incomplete") and not may_be_incomplete:
            self.wrong.append(f"{what}: {name} is not complete")

    def one(self, url, call, fault, number, is_continued=False):
        """One run with a fault and one without; returns whether the fault struck."""
        what = f"{call} {fault} at {number}" + (" of a resumed run" if is_continued else "")
        shutil.rmtree(self.folder + "/reports", ignore_errors=True)
        shutil.copytree(
            self.folder + ("/unfinished" if is_continued else "/before"), self.folder + "/reports", symlinks=True)
        before = [name for name in self.snapshots() if not name.endswith("-incomplete")]
        latest = os.readlink(self.folder + "/reports/latest")
        struck = self.run(url, (call, fault, number), is_continued)
        hit = self.was_hit()
        code = struck.returncode
        if hit and fault == "kill" and code not in (-9, 137, 0):
            self.wrong.append(f"{what}: exit {code}: {struck.stderr}")
        is_everywhere = call in (one for one, _ in EVERYWHERE)
        if hit and fault != "kill" and (code in TRAPS if is_everywhere else code not in ALLOWED | {0}):
            self.wrong.append(f"{what}: exit {code}: {struck.stderr}")
        if not hit and code != 0:
            self.wrong.append(f"{what}: exit {code} without the fault: {struck.stderr}")
        now = os.readlink(self.folder + "/reports/latest")
        for name in self.snapshots():
            self.check(what, name, settled=False, may_be_incomplete=is_continued)
        if now not in self.snapshots():
            self.wrong.append(f"{what}: latest is {now}, which does not exist")
        if code in (73, 74) and now != latest:
            self.wrong.append(f"{what}: latest moved although the run failed: {struck.stderr}")
        if code == 0 and len(self.snapshots()) < len(before) + 1:
            self.wrong.append(f"{what}: exit 0 without a snapshot: {self.snapshots()}")
        if code in (73, 74) and not re.search(r"viber-rollcall: .+", struck.stderr):
            self.wrong.append(f"{what}: no error message")
        again = self.run(url)
        if again.returncode != 0:
            self.wrong.append(f"{what}: the next run exits {again.returncode}: {again.stderr}")
        for name in self.snapshots():
            self.check(what + ", after the next run", name, settled=True)
        left = [name for name in os.listdir(self.folder + "/reports/.work") if name != ".lock"]
        odd = [name for name in os.listdir(self.folder + "/reports")
               if name not in self.snapshots() + [".work", "latest", "history.csv"]]
        if left or odd:
            self.wrong.append(f"{what}: left behind: {left + odd}")
        if len(self.snapshots()) < len(before) + 1:
            self.wrong.append(f"{what}: {self.snapshots()}")
        return hit

    def all(self, url, only, every):
        for name, code in (("before", 0), ("unfinished", 75)):
            ended = self.run(url)
            if ended.returncode != code:
                sys.exit(f"the preparing run exits {ended.returncode}, not {code}: {ended.stderr}")
            shutil.copytree(self.folder + "/reports", f"{self.folder}/{name}", symlinks=True)
        for call, faults in CASES + EVERYWHERE:
            for fault in faults:
                if only and f"{call}:{fault}" not in only:
                    continue
                number, last = (2, EVERYWHERE_PLACES) if (call, faults) in EVERYWHERE else (1, 1_000)
                bad = len(self.wrong)
                while number <= last and self.one(url, call, fault, number):
                    number += every
                print(f"{call} {fault}: {number - 1} places, {len(self.wrong) - bad} wrong", flush=True)
                for line in self.wrong[bad:bad + 5]:
                    print("  " + line)
        for call, faults in CONTINUED:
            for fault in faults:
                if only and f"continued:{call}:{fault}" not in only:
                    continue
                number, bad = 1, len(self.wrong)
                while self.one(url, call, fault, number, is_continued=True):
                    number += every
                print(f"{call} {fault} of a resumed run: {number - 1} places, {len(self.wrong) - bad} wrong", flush=True)
                for line in self.wrong[bad:bad + 5]:
                    print("  " + line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder, binary = os.path.realpath(folder), os.path.abspath(options.binary)
        sandbox = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--fault", UNFINISHED], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline()).group()
            campaign = SyscallFaults(binary, folder)
            campaign.all(url, options.only, options.every)
        finally:
            sandbox.kill()
            sandbox.wait()
    print("nothing went wrong" if not campaign.wrong else f"{len(campaign.wrong)} things went wrong")
    sys.exit(1 if campaign.wrong else 0)


main()
