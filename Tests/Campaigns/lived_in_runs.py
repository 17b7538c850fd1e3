"""The sandbox, and runs of the program against it, some of them killed or with a disk that fills up."""

import collections
import http.client
import json
import os
import re
import signal
import subprocess
import time

from lived_in_home import OWNER

TOKEN = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
ENVIRONMENT = {"VIBER_AUTH_TOKEN": TOKEN, "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
# The number of occurrences of a kind of run is its weight.
RUNS = ["by the owner"] * 8 + ["by root"] * 4 + ["full disk"] * 4 + ["SIGKILL"] * 5 + ["SIGTERM"] * 2 + ["by a third user"] * 2
USERS = {"by the owner": OWNER, "by root": 0, "by a third user": 1234}

Outcome = collections.namedtuple("Outcome", ["kind", "words", "code", "error"])


class Sandbox:
    def __init__(self, binary, subscribers):
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--try-later", "0", "--latency", "20ms", "--subscribers", str(subscribers)],
            env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        self.host = re.search(r"http://(127\.0\.0\.1:\d+)", self.process.stdout.readline())[1]

    def requests(self):
        """Number of get_online requests so far."""
        connection = http.client.HTTPConnection(self.host, timeout=10)
        connection.request("GET", "/sandbox/stats")
        count = json.load(connection.getresponse())["get_online"]
        connection.close()
        return count

    def stop(self):
        self.process.kill()
        self.process.wait()


class Runs:
    def __init__(self, home, host, draw):
        self.home, self.draw = home, draw
        self.ballast = home.disk + "/ballast"
        self.command = [
            home.folder + "/viber-rollcall", "list.csv", "--base-url", "http://" + host, "--output-dir", home.reports,
            "--rate", "0", "--settle", "none", "--concurrency", "1"]
        # The duration of the last run and of an unhindered run, in seconds.
        self.last_duration = self.usual_duration = 0.3

    def one(self, kind):
        """Starts one run, disturbs it according to its kind, and waits for its end."""
        draw, words = self.draw, kind
        uid = USERS.get(kind, draw.choice([0, OWNER]))
        delay = self.usual_duration * draw.choice([draw.uniform(0, 1), draw.uniform(0.7, 1)])
        bytes_left = draw.choice([0, 4096 * draw.randrange(20)])
        is_full_at_once = kind == "full disk" and draw.random() < 0.5
        if kind not in USERS:
            when = "from the start" if is_full_at_once else f"at {delay:.3f} s"
            words += f" of a run by {'the owner' if uid else 'root'} {when}"
            words += f", {bytes_left} bytes left" if kind == "full disk" else ""
            time.sleep(1 - time.time() % 1)  # a run waits out the second of the run before; the kill would only hit that
        if is_full_at_once:
            self.fill_disk(bytes_left)
        process = self.start(uid)
        if kind not in USERS and not is_full_at_once:
            try:
                process.wait(timeout=delay)
            except subprocess.TimeoutExpired:
                if kind == "full disk":
                    self.fill_disk(bytes_left)
                else:
                    process.send_signal(getattr(signal, kind))
        code, error = self.end(process)
        if os.path.exists(self.ballast):
            os.unlink(self.ballast)
        return Outcome(kind, words, code, error)

    def start(self, uid):
        user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"] if uid else []
        self.started_at = time.monotonic()
        return subprocess.Popen(
            user + self.command, cwd=self.home.folder, env=ENVIRONMENT, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def end(self, process):
        """The exit code and the standard error of the run."""
        try:
            error = process.communicate(timeout=60)[1]
            self.last_duration = time.monotonic() - self.started_at
            return process.returncode, error
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "none after 60 s", ""

    def fill_disk(self, bytes_left):
        with open(self.ballast, "wb") as file:
            for _ in range(100):
                status = os.statvfs(self.home.disk)
                size = status.f_bavail * status.f_frsize - bytes_left
                try:
                    if size > 0:
                        os.posix_fallocate(file.fileno(), 0, size)
                    return
                except OSError:
                    pass  # the run wrote meanwhile, so less is free
