"""Runs for check_docs.py: what the program writes, what its environment sets, and the command lines of documents."""

import base64
import csv
import gzip
import hashlib
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request

import docs_text

CSV_FILES = ["subscribers.csv.gz", "rejected.csv", "history.csv"]
JSON_FILES = ["summary.json", "snapshot.json.gz"]
TOKEN = "documents-documents-documents"
RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
HERE = os.path.dirname(os.path.abspath(__file__))
# A value that no option takes: nothing can be at this path.
BAD = "subscribers.csv/bad"
LIMIT = 120


def plain(name):
    """A name with RUN for the id of a run."""
    return RUN.sub("RUN", name.rstrip("/"))


def help_of(binary, *command):
    return subprocess.run([binary, *command, "--help"], env=dict(os.environ, COLUMNS="9999"), stdout=subprocess.PIPE,
                          text=True, check=True, timeout=LIMIT).stdout


def keys(value, path=""):
    """The keys of an object and of those in it, as a.b and a[].b. Those of an account are Viber's, and reasons are counts."""
    if isinstance(value, list):
        value, path = (value[0] if value else None), path + "[]"
    if isinstance(value, dict) and path not in ("account", "source.rejected"):
        for key, inner in value.items():
            name = f"{path}.{key}" if path else key
            yield name
            yield from keys(inner, name)


class Sandbox:
    """The stand-in API of the program, with options."""

    def __init__(self, command, folder, environment):
        self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        words = self.process.stdout.readline().split()
        self.url = words[4] if len(words) > 4 else None
        if self.url is None:
            self.error = self.process.stderr.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=LIMIT)


class Runs:
    def __init__(self, binary):
        self.binary, self.sandboxes = binary, []

    def __enter__(self):
        self.holder = tempfile.TemporaryDirectory(prefix="viber-rollcall-docs-")
        self.folder = self.holder.name
        os.mkdir(self.folder + "/bin")
        os.symlink(self.binary, self.folder + "/bin/viber-rollcall")
        self.environment = {
            "PATH": self.folder + "/bin:" + os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.folder,
            "VIBER_AUTH_TOKEN": TOKEN, "LANG": os.environ.get("LANG", "C.UTF-8"), "SWIFT_BACKTRACE": "enable=no",
        }
        self.started = 0
        self.base = self.sandbox(["--subscribers", "100"], self.folder)
        self.environment["VIBER_ROLLCALL_BASE_URL"] = self.base.url
        return self

    def __exit__(self, *_):
        for sandbox in self.sandboxes:
            sandbox.stop()
        self.holder.cleanup()

    def sandbox(self, options, folder):
        """One on a free port, which asks for no later pass."""
        command = ["viber-rollcall", "sandbox", *options, "--port", "0", "--try-later", "0"]
        self.sandboxes.append(Sandbox(command, folder, self.environment))
        return self.sandboxes[-1]

    def scratch(self, history=False):
        """A new directory with lists and a token file, as the documents name them."""
        self.started += 1
        folder = f"{self.folder}/{self.started}"
        os.mkdir(folder)
        with open(self.folder + "/.viber-token", "w", encoding="utf-8") as file:
            file.write(TOKEN + "\n")
        os.chmod(self.folder + "/.viber-token", 0o600)
        good = self.run("viber-rollcall sandbox --list good", folder).stdout
        with open(folder + "/subscribers.csv", "wb") as file:
            file.write(good)
        with sqlite3.connect(folder + "/bot.sqlite") as database:
            database.execute("CREATE TABLE users (viber_id TEXT, active INTEGER)")
            database.executemany("INSERT INTO users VALUES (?, 1)", ((name,) for name in good.decode().split()[1:]))
        database.close()
        with open(folder + "/big.csv", "w", encoding="utf-8") as file:
            file.write("viber_id\n")
            for number in range(1000):
                file.write(base64.b64encode(hashlib.md5(str(number).encode()).digest()).decode() + "\n")
        if history:
            subprocess.run([sys.executable, "-B", HERE + "/make_history.py", folder + "/reports", "--runs", "40", "--ids", "200"],
                           check=True, stdout=subprocess.DEVNULL, timeout=LIMIT)
        return folder

    def run(self, line, folder, **environment):
        return subprocess.run(["bash", "-c", line], cwd=folder, env=self.environment | environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT, check=False)

    def lines(self, text):
        """Runs the command lines of a document, and yields each with what went wrong."""
        folder, url = None, None
        for language, words, block in docs_text.blocks(text):
            if language != "sh" or "norun" in words:
                continue
            if folder is None or "history" in words:
                folder = self.scratch("history" in words)
            for line in docs_text.commands_of(block):
                if re.fullmatch(r"viber-rollcall sandbox .*&", line.strip()):
                    sandbox = self.sandbox(next(docs_text.invocations(line))[1:], folder)
                    url = sandbox.url
                    yield line, None if url else "starts no sandbox: " + sandbox.error.strip()
                    continue
                result = self.run(line.replace("http://127.0.0.1:8089", url or ""), folder)
                codes = docs_text.exit_codes_of(line)
                said = result.stderr.decode("utf-8", "replace").strip()
                yield line, None if result.returncode in codes else f"exits {result.returncode}: {said}"

    def written(self):
        """What runs write, by the section of docs/files.md that documents it."""
        folder = self.scratch()
        odd = ["\x80\x81", "a\x07b", "x" * 200, '"q"x', "id,name", "NULL,", ",", '""']
        with open(folder + "/odd.csv", "wb") as file:
            ids = [base64.b64encode(bytes([number] * 16)) + b",Ann" for number in range(1, 30)]
            rows = [b"name2,id", *(b"Ann," + one.split(b",")[0] for one in ids), b"Bob"]
            rows += [b"Bob," + text.split(",")[0].encode("latin-1") for text in odd if text != "id,name"] + [b"name2,id"]
            file.write(b"\n".join(rows) + b"\n")
        with sqlite3.connect(folder + "/odd.sqlite") as database:
            database.execute("CREATE TABLE users (viber_id)")
            database.executemany("INSERT INTO users VALUES (?)", [(one.split(b",")[0].decode(),) for one in ids] + [(7,)])
        database.close()
        # An account that fails, and an id that fails: the keys and names that only then are there.
        faulty = self.sandbox(["--fault", "account:html", "--fault", "http-400@/1"], folder)
        for line in ("viber-rollcall demo", f"viber-rollcall odd.csv --settle none --base-url {faulty.url}",
                     "viber-rollcall odd.csv --fresh", "viber-rollcall odd.sqlite --fresh", "viber-rollcall report"):
            result = self.run(line, folder)
            if line.endswith(" demo"):
                demo = result.stdout.decode()
        reports = folder + "/reports"
        found = {"reasons": [], "tree": [], "demo": demo.splitlines()}
        for name in sorted(os.listdir(reports)):
            found["tree"].append(plain(name))
            path = f"{reports}/{name}"
            if not os.path.isdir(path) or os.path.islink(path) or name == ".work":
                continue
            for inner in sorted(os.listdir(path)):
                found["tree"].append(plain(inner))
                self.note(found, path, inner)
        self.note(found, reports, "history.csv")
        found["tree"] = list(dict.fromkeys(found["tree"]))
        whole = [key for key in found["summary.json"] if key not in ("files", "account_error") and not key.startswith("files[")]
        # The order of the summary, with account_error where it stands in its own.
        found["snapshot.json.gz"] = [key for key in found["snapshot.json.gz"] if key not in whole and key != "account_error"]
        return found

    @staticmethod
    def note(found, folder, name):
        with open(f"{folder}/{name}", "rb") as file:
            content = file.read()
        if name.endswith(".gz"):
            content = gzip.decompress(content)
        if name in CSV_FILES:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"))))
            found[name] = rows[0]
            if name == "rejected.csv":
                found["reasons"] += [row[1] for row in rows[1:] if row[1] not in found["reasons"]]
        elif name in JSON_FILES:
            before = found.setdefault(name, [])
            last = -1
            for key in keys(json.loads(content)):
                if key in before:
                    last = before.index(key)
                else:
                    last += 1
                    before.insert(last, key)

    def other_columns(self, text):
        """Columns and keys that stand in docs/options.md."""
        folder = self.scratch(history=True)
        for line in ("viber-rollcall audit --list unavailable", "viber-rollcall prune-list"):
            header = self.run(line, folder).stdout.decode().partition("\n")[0]
            if not header or f"`{header}`" not in text:
                yield f"docs/options.md: the columns of {line} are {header}"
        with urllib.request.urlopen(self.base.url + "/sandbox/stats", timeout=LIMIT) as answer:
            for key in json.load(answer):
                if f"`{key}`" not in text:
                    yield f"docs/options.md: {key} of /sandbox/stats is not documented"

    def variables(self, documented):
        """A variable counts if a value that cannot be used changes how the command ends."""
        folder, usual = self.scratch(history=True), {}

        def code(line, **environment):
            # Runs that start in one second in one directory would wait for the next one.
            self.started += 1
            output = {"VIBER_ROLLCALL_OUTPUT_DIR": f"own-{self.started}"} if " snapshot " in line else {}
            return self.run(line, folder, **output | environment).returncode

        for (command, name), is_documented in documented.items():
            variable = "VIBER_ROLLCALL_" + name.upper().replace("-", "_")
            line = "viber-rollcall " + command
            if command == "snapshot":
                line += " bot.sqlite" if name in ("table", "query") else " subscribers.csv"
            elif command == "sandbox":
                line += " --list good"
            if line not in usual:
                usual[line] = code(line)
            if (code(line, **{variable: BAD}) != usual[line]) != is_documented:
                what = f"{variable} is documented, and sets nothing" if is_documented else f"{variable} is not documented"
                yield f"docs/options.md: {command}: {what}"
