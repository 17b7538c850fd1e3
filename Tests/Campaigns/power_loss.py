#!/usr/bin/env python3
"""Simulates a power loss after each system call by which a run changes the disk: data that was not synced is lost.

usage: power_loss.py BINARY [--every K]

strace records every call of one run and the bytes that it wrote. From the calls up to each moment two disks are made. On the
first disk all names are the latest, and every file has its content of its last fsync, or none without an fsync. On the second
disk the names, too, are those of the last fsync of their directory. No incomplete snapshot may claim to be complete, the earlier
snapshot and `latest` must be sound, and a run on that disk must finish correctly and leave nothing behind. This is done for a
new run and for a resumed one. Prints a line for each; exits 1 if something went wrong.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

from lost_disk import Disk, Node, calls, decoded

CHECKER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Checkers", "check_snapshot.py")
ENVIRONMENT = {
    "VIBER_AUTH_TOKEN": "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca", "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
}
CALLS = "openat,pwrite64,ftruncate,fallocate,fsync,fdatasync,mkdir,rmdir,rename,link,unlink,symlink"


class Campaign:
    def __init__(self, binary, folder, every):
        self.binary, self.folder, self.every, self.wrong = binary, folder, every, []
        self.reports = folder + "/reports"
        self.ids = [f"id-{number}-{number * 7919 % 65536:x}" for number in range(350)]
        with open(folder + "/list.csv", "w", encoding="utf-8") as file:
            file.write("id\n" + "".join(identifier + "\n" for identifier in self.ids) + "\n\n" + self.ids[0] + "\n")
        with open(folder + "/ids", "w", encoding="utf-8") as file:
            file.write("".join(identifier + "\n" for identifier in self.ids))

    def run(self, url, *tracer):
        command = [self.binary, "list.csv", "--base-url", url, "--rate", "0", "--concurrency", "1", "--settle", "none",
                   "--output-dir", self.reports, "--quiet"]
        return subprocess.run([*tracer, *command], cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)

    def put(self, name):
        shutil.rmtree(self.reports, ignore_errors=True)
        shutil.copytree(f"{self.folder}/{name}", self.reports, symlinks=True)

    def keep(self, name):
        shutil.copytree(self.reports, f"{self.folder}/{name}", symlinks=True)

    def snapshots(self):
        return sorted(name for name in os.listdir(self.reports) if name.startswith("2"))

    def check(self, what, is_over):
        for name in self.snapshots():
            checked = subprocess.run(
                [sys.executable, CHECKER, f"{self.reports}/{name}", "--ids", self.folder + "/ids", "--sandbox"],
                capture_output=True, text=True)
            # The next run writes the history row of a snapshot that was published before the power loss.
            said = [line for line in (checked.stdout + checked.stderr).splitlines()
                    if line and not line.startswith("sound: ") and (is_over or not line.startswith("history: "))]
            if said:
                self.wrong.append(f"{what}: {name}: {said[0]}")
        latest = self.reports + "/latest"
        if not os.path.islink(latest) or os.readlink(latest) not in self.snapshots():
            self.wrong.append(f"{what}: latest is missing or dangling")
        if self.before[0] not in self.snapshots():
            self.wrong.append(f"{what}: the earlier snapshot is gone")

    def after(self, what, url):
        """Checks that the next run finishes correctly."""
        again = self.run(url)
        if again.returncode != 0:
            self.wrong.append(f"{what}: the next run exits {again.returncode}: {again.stderr}")
        self.check(what + ", after the next run", is_over=True)
        left = [name for name in os.listdir(self.reports + "/.work") if name != ".lock"]
        left += [name for name in os.listdir(self.reports)
                 if name not in self.snapshots() + [".work", "latest", "history.csv"]]
        if left:
            self.wrong.append(f"{what}: left behind: {left}")
        if len([name for name in self.snapshots() if not name.endswith("-incomplete")]) < 2:
            self.wrong.append(f"{what}: {self.snapshots()}")

    def scenario(self, name, url):
        self.put(name)
        self.before = [snapshot for snapshot in self.snapshots() if not snapshot.endswith("-incomplete")]
        disk, seen = Disk(self.reports), set()
        trace = self.folder + "/trace"
        traced = self.run(
            url, "strace", "-f", "-y", "-xx", "-s", "1000000", "-o", trace, "-e", "trace=" + CALLS)
        if traced.returncode != 0:
            sys.exit(f"the traced run exits {traced.returncode}: {traced.stderr}")
        self.check(name, is_over=True)
        ended = Node.read(self.reports).everything()
        count, bad = 0, len(self.wrong)
        for call, arguments, result in calls(trace):
            if not disk.apply(call, arguments, result):
                continue
            count += 1
            for all_names in (True, False):
                facts = (all_names, disk.root.facts(all_names))
                if facts in seen or (count % self.every and "latest" not in decoded(arguments[-1]).decode()):
                    continue
                seen.add(facts)
                shutil.rmtree(self.reports)
                disk.root.write(self.reports, all_names)
                where = "all names" if all_names else "synced names"
                what = f"{name}, after {call} of {os.path.basename(decoded(arguments[-1 if call != 'openat' else 1]).decode())}"
                self.check(f"{what} ({where})", is_over=False)
                self.after(f"{what} ({where})", url)
        print(f"{name}: {count} calls, {len(seen)} disks, {len(self.wrong) - bad} wrong", flush=True)
        # Otherwise the model of the disk is wrong.
        if disk.root.everything() != ended:
            self.wrong.append(f"{name}: the recorded calls do not give the disk that the run left")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        campaign = Campaign(os.path.abspath(options.binary), folder, options.every)
        # The seventh request is the third of the second run, which stops at it.
        sandbox = subprocess.Popen(
            [campaign.binary, "sandbox", "--port", "0", "--try-later", "0", "--fault", "http-429:9999@7"], env=ENVIRONMENT,
            stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline()).group()
            for name, code in (("a new run", 0), ("a resumed run", 75)):
                ended = campaign.run(url)
                if ended.returncode != code:
                    sys.exit(f"the preparing run exits {ended.returncode}, not {code}: {ended.stderr}")
                campaign.keep(name)
            for name in ("a new run", "a resumed run"):
                campaign.scenario(name, url)
        finally:
            sandbox.kill()
            sandbox.wait()
    for line in campaign.wrong[:20]:
        print("  " + line)
    print("nothing went wrong" if not campaign.wrong else f"{len(campaign.wrong)} things went wrong")
    sys.exit(1 if campaign.wrong else 0)


main()
