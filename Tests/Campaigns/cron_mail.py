#!/usr/bin/env python3
"""Lets the real cron run the program with the template of this repository, and reads the mails that cron sends.

usage: cron_mail.py BINARY

Needs root and Debian's cron. In a separate mount namespace cron sees only two jobs, and a program instead of sendmail keeps each
mail. Waits for the next full minute, in which both jobs run. The successful job must leave a snapshot and no mail; the job whose
token is refused must leave one mail, of few lines and without the token. Exits 1 if something is wrong.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOKEN = "c4a1c4a1c4a1c4a1-ca4a1ca4a1ca4a1c-a4a1ca4a1ca4a1ca"
HIDDEN = ["/etc/cron.d", "/var/spool/cron/crontabs"]
SECONDS = 150


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def job(template, folder, url, name, token):
    """The line of the template, changed to every minute, user root, and the paths of this campaign."""
    with open(f"{folder}/{name}.token", "w", opener=lambda path, flags: os.open(path, flags, 0o600), encoding="utf-8") as file:
        file.write(token + "\n")
    line = re.sub(r"^\S+ \S+ \S+ \S+ \S+ viber \S+ \S+", f"* * * * * root {folder}/viber-rollcall {folder}/list.csv", template)
    line = re.sub(r"--token-file \S+", f"--token-file {folder}/{name}.token", line)
    return re.sub(r"--output-dir \S+", f"--output-dir {folder}/{name} --base-url {url}", line) + "\n"


def main():
    binary = os.path.abspath(sys.argv[1])
    if "--inside" not in sys.argv:
        sys.exit(subprocess.run(["unshare", "-m", sys.executable, "-B", __file__, binary, "--inside"]).returncode)
    with open(ROOT + "/cron/viber-rollcall.crontab", encoding="utf-8") as file:
        template = file.read().splitlines()
    head = [line for line in template if re.match(r"\w+=", line)]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(binary, folder + "/viber-rollcall")
        with open(folder + "/list.csv", "w", encoding="utf-8") as file:
            file.write("id\n" + "".join(f"id-{number}\n" for number in range(250)))
        with open(folder + "/sendmail", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\ncat > {folder}/mail.$$\n")
        os.chmod(folder + "/sendmail", 0o755)
        for path in HIDDEN:
            mount("-t", "tmpfs", "none", path)
        mount("--bind", "/dev/null", "/etc/crontab")
        mount("--bind", folder + "/sendmail", os.path.realpath("/usr/sbin/sendmail"))
        sandbox = subprocess.Popen(
            [folder + "/viber-rollcall", "sandbox", "--port", "0", "--try-later", "0"], env={"VIBER_AUTH_TOKEN": TOKEN},
            stdout=subprocess.PIPE, text=True)
        url = re.search(r"http://127\.0\.0\.1:\d+", sandbox.stdout.readline()).group()
        with open("/etc/cron.d/viber-rollcall", "w", encoding="utf-8") as file:
            file.write("\n".join(head) + "\n" + job(template[-1], folder, url, "good", TOKEN)
                       + job(template[-1], folder, url, "bad", "d" + TOKEN[1:]))
        cron = subprocess.Popen(["cron", "-f"])
        try:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and not (glob.glob(folder + "/mail.*") and os.path.exists(folder + "/good/latest")):
                time.sleep(0.5)  # between two polls; cron wakes up at the full minute
            time.sleep(2)  # for a mail that must not come
        finally:
            for process in (cron, sandbox):
                process.kill()
                process.wait()
        mails = [open(name, encoding="utf-8").read() for name in glob.glob(folder + "/mail.*")]
        if not os.path.exists(folder + "/good/latest/summary.json"):
            wrong.append("the good job left no snapshot")
        if len(mails) != 1:
            wrong.append(f"{len(mails)} mails instead of one: {mails}")
        for mail in mails:
            head, _, body = mail.partition("\n\n")
            if "To: ops@example.org" not in head:
                wrong.append(f"not to MAILTO: {head}")
            if not 1 <= len(body.splitlines()) <= 20 or "invalidAuthToken" not in body or TOKEN[1:] in mail:
                wrong.append(f"the mail is too long, has no reason, or holds the token: {mail}")
            print(body.strip())
    for line in wrong:
        print("WRONG: " + line)
    print("nothing went wrong" if not wrong else f"{len(wrong)} things went wrong")
    sys.exit(1 if wrong else 0)


main()
