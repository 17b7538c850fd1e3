#!/usr/bin/env python3
"""Lets a server echo the token in one field and one form at a time, and searches everything that the program leaves for it.

usage: echoed_secret.py BINARY [--only PLACE] [--jobs N]

Each trial has its own server (echoing_server.py). It runs `snapshot` three times at once, `account` twice if the field is in
the account, and then `report`, `audit` and `verify` on the snapshot of the first run. No standard output, standard error or
file may hold the token, also truncated, in any form that find_secret.py knows. The trials of the base URL need no server: a
URL with secrets must be refused (78), and no secret printed. PLACE is a part of the names in PLACES, or `base URL`. Prints a
line for each leak (place | form | command | where), then `N trials, nothing leaked`; exits 1 if something leaked, or if a
trial was not valid: the program crashed, did not accept its options, or got no answer.
"""

import argparse
import collections
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

from echoing_server import ACCOUNT, FORMS, ONLINE, PLACES, Server

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "Checkers"))
import find_secret

TOKEN = "5a4db0c5a4db0c5a-4db0c5a4db0c5a4d-b0c5a4db0c5a4db0"
IDS = [f"Abc{number:02}dEfGhIjKlMnOpQrSt==" for number in range(20)]
# A truncated token counts too: find_secret.py searches for the first half of its secret.
SECRET = TOKEN[:24]
CONFIGURATION = 78
# Exit codes that no server may cause, like a signal (below 0): wrong usage and an internal error.
NO_TRIAL = {64, 70}
WAIT_SECONDS = 30
SNAPSHOT = ["--rate", "0", "--settle", "none", "--timeout", "2s"]
# Half of the commands read the token from a file.
FETCHING = {
    "snapshot -v -v": (["snapshot", "../list.csv", *SNAPSHOT, "-v", "-v"], False),
    "snapshot -q": (["snapshot", "../list.csv", *SNAPSHOT, "-q"], True),
    "snapshot --json": (["snapshot", "../list.csv", *SNAPSHOT, "--json"], False),
    "account": (["account", "--timeout", "2s"], True),
    "account --json": (["account", "--timeout", "2s", "--json"], False),
}
REPORTS = "../snapshot -v -v/reports"
READING = {
    "report": ["report", "--output-dir", REPORTS, "--output", "report.html"],
    "audit": ["audit", "--output-dir", REPORTS],
    "audit --json": ["audit", "--output-dir", REPORTS, "--json"],
    "verify": ["verify", "--output-dir", REPORTS],
}
# Words so long that half of one does not occur anywhere by chance.
USER, PASSWORD, KEY = "quixotic-walrus-mandolin", "zephyr-kumquat-bagpipes", "nebulous-yak-trombone"
URLS = {
    "user, password and query": f"https://{USER}:{PASSWORD}@host.example/?key={KEY}",
    "token everywhere": f"https://{USER}:{TOKEN}@host.example/?key={TOKEN}#{KEY}",
    "token as user": f"https://{TOKEN}@host.example",
    "token in the query": f"https://host.example?{TOKEN}",
    "token in the fragment": f"https://host.example/#{TOKEN}",
    "token as port": f"https://host.example:{TOKEN}/",
    "percent": f"https://{FORMS['percent'](TOKEN)}@host.example/",
    "no scheme": f"{USER}:{TOKEN}@host.example",
    "another scheme": f"ftp://{USER}:{TOKEN}@host.example",
    "http": f"http://{USER}:{TOKEN}@host.example/?key={KEY}",
    "http to loopback": f"http://{USER}:{TOKEN}@127.0.0.1:9/?key={KEY}",
    "blank": f"https://{USER}:{TOKEN}@host example/?key={KEY}",
    "two at signs": f"https://{USER}:{PASSWORD}@{TOKEN}@host.example",
}

Leak = collections.namedtuple("Leak", ["place", "form", "command", "where"])


class Trial:
    """A directory with a subdirectory for each command, for its stdout, its stderr and its files."""

    def __init__(self, binary, directory, place, form):
        self.binary, self.directory, self.place, self.form = binary, directory, place, form
        self.wrong = []
        self.token_file = os.path.join(directory, "token")
        self.write("token", TOKEN + "\n")
        self.write("list.csv", "viber_id\n" + "".join(one + "\n" for one in IDS))

    def write(self, name, text):
        with open(os.path.join(self.directory, name), "x", encoding="ascii", opener=private) as file:
            file.write(text)

    def start(self, name, words, from_file=False, **environment):
        """Starts a command in a new directory, which is also its home."""
        home = os.path.join(self.directory, name)
        os.mkdir(home)
        environment |= {"HOME": home, "TMPDIR": home, "PATH": "/usr/bin:/bin"}
        if from_file:
            words = [*words, "--token-file", self.token_file]
        else:
            environment["VIBER_AUTH_TOKEN"] = TOKEN
        with open(os.path.join(home, "stdout"), "xb") as out, open(os.path.join(home, "stderr"), "xb") as err:
            return name, subprocess.Popen(
                [self.binary, *words], cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def finish(self, commands, expected=None):
        """Waits for commands and checks their exit codes: any valid one, or `expected`."""
        for name, process in commands:
            try:
                code = process.wait(WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                code = process.wait()
            if code < 0 or code in NO_TRIAL or expected not in (None, code):
                self.wrong.append(Leak(self.place, self.form, name, f"NO TRIAL: exit code {code}"))

    def leaks(self, *secrets):
        places = {place for secret in secrets for place in find_secret.search(
            secret, [self.directory], [self.token_file])[0]}
        for place in sorted(places):
            command, _, where = os.path.relpath(place, self.directory).partition("/")
            yield Leak(self.place, self.form, command, where)
        yield from self.wrong


def private(path, flags):
    return os.open(path, flags, 0o600)


def echoed(binary, directory, place, form):
    """A trial of one place and one form."""
    trial = Trial(binary, directory, place, form)
    # A run that never gets an answer prints all it can within the first second.
    deadline = "1s" if PLACES[place][0] == ONLINE else "3s"
    more = ["--keep-webhook"] if place.endswith(" kept") else []
    commands = {name: how for name, how in FETCHING.items() if how[0][0] == "snapshot" or PLACES[place][0] == ACCOUNT}
    with Server(place, form) as server:
        trial.finish([
            trial.start(name, [*words, *more, "--base-url", server.url, *(
                ["--deadline", deadline] if words[0] == "snapshot" else [])], from_file)
            for name, (words, from_file) in commands.items()])
    if server.echoes < len(commands):
        trial.wrong.append(Leak(place, form, "all", f"NO TRIAL: the token was echoed only {server.echoes} times"))
    if os.path.exists(os.path.join(directory, "snapshot -v -v", "reports", "history.csv")):
        trial.finish([trial.start(name, words) for name, words in READING.items()], expected=0)
    return list(trial.leaks(SECRET))


def refused(binary, directory, _place, form):
    """A trial of a base URL with secrets, as an option and from the environment."""
    trial = Trial(binary, directory, "base URL", form)
    url = URLS[form]
    for command, words in (("snapshot -v -v", FETCHING["snapshot -v -v"][0]), ("account", ["account"])):
        trial.finish([
            trial.start(command, [*words, "--base-url", url]),
            trial.start(command + ", environment", words, from_file=True, VIBER_ROLLCALL_BASE_URL=url),
        ], expected=CONFIGURATION)
    return list(trial.leaks(SECRET, USER, PASSWORD, KEY))


def run(check, binary, place, form):
    directory = tempfile.mkdtemp(prefix="echoed-")
    try:
        return check(binary, directory, place, form)
    finally:
        shutil.rmtree(directory)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--only", default="", metavar="PLACE")
    parser.add_argument("--jobs", type=int, default=4)
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    # By form and then by place, so that trials that wait and trials that work run at the same time.
    trials = [(echoed, place, form) for form in FORMS for place in PLACES if options.only in place]
    trials += [(refused, "base URL", form) for form in URLS if options.only in "base URL"]
    if not trials:
        parser.error(f"there is no place '{options.only}'")
    lines = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = [pool.submit(run, check, binary, place, form) for check, place, form in trials]
        for result in concurrent.futures.as_completed(results):
            for leak in result.result():
                print(*leak, sep=" | ", flush=True)
                lines += 1
    if lines:
        sys.exit(f"{len(trials)} trials, {lines} findings above")
    print(f"{len(trials)} trials, nothing leaked")


if __name__ == "__main__":
    main()
