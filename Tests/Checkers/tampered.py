"""Copies of a sound snapshot to tamper with: one thing is made wrong, and everything that depends on it is adjusted."""

import csv
import datetime
import gzip
import hashlib
import io
import json
import os
import re
import shutil

import check_snapshot


def pack(content):
    """One gzip member as in a snapshot: without a time and a name."""
    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", mtime=0, fileobj=buffer) as file:
        file.write(content)
    return buffer.getvalue()


def csv_text(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def moment(milliseconds):
    if milliseconds is None:
        return ""
    whole = datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.timezone.utc)
    return whole.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"


class Copy:
    """An output directory with one snapshot, as values that `save` writes to files again."""

    def __init__(self, original, directory):
        self.directory = directory
        self.reports = os.path.join(directory, "reports")
        self.run_id = self.name = os.readlink(os.path.join(original, "latest"))
        os.makedirs(os.path.join(self.reports, ".work"))
        shutil.copytree(os.path.join(original, self.name), self.run)
        os.symlink(self.name, os.path.join(self.reports, "latest"))
        self.write("reports/.work/.lock", b"")
        self.summary = json.loads(self.read("summary.json"))
        self.rows = json.loads(gzip.decompress(self.read("snapshot.json.gz")))["subscribers"]
        self.rejected = self.read("rejected.csv")
        self.ids = [row["id"] for row in self.rows]
        self.csv_rows = None  # if they differ from `rows`
        self.tampering = {}  # changes of the bytes of a file
        self.is_saved = False

    @property
    def run(self):
        return os.path.join(self.reports, self.name)

    def read(self, name):
        with open(os.path.join(self.run, name), "rb") as file:
            return file.read()

    def write(self, path, content):
        path = os.path.join(self.directory, path)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o640)

    # Changes of the values.

    def of(self, status, skip=0):
        """A row with a status."""
        return [row for row in self.rows if row["online_status"] == status][skip]

    def leave_open(self, row, error=None):
        """Replaces the definite answer of a row by an error, or by tryLater if there is none."""
        row.update(online_status=None, online_status_message=None, last_online=None, error=error)
        if error is None:
            row.update(online_status=3, online_status_message="tryLater")
        else:
            row.update(checked_at=None)

    def recount(self):
        """Counts the rows again, and adjusts the numbers of the source."""
        counts, source = self.summary["counts"], self.summary["source"]
        more = len(self.rows) - source["unique"]
        for name in ("unique", "accepted", "rows_read"):
            source[name] += more
        for name in counts:
            counts[name] = sum(check_snapshot.category(row) == name for row in self.rows)
        self.summary["run"]["complete"] = all(row["online_status"] in check_snapshot.DEFINITE for row in self.rows)

    def end(self, code):
        """Sets the exit code of the run, and the matching name of its directory."""
        self.summary["run"]["exit_code"] = code
        self.rename(self.run_id + ("-incomplete" if code else ""))

    def rename(self, name):
        os.rename(self.run, os.path.join(self.reports, name))
        self.name = name

    def keep_work(self, *but):
        """Writes the files that the next run needs of a run that stopped early, except those in `but`."""
        os.mkdir(os.path.join(self.reports, ".work", self.run_id))
        for name in {"spool", "answers", "run.json"} - set(but):
            self.write(f"reports/.work/{self.run_id}/{name}", b"")

    # Files of the values.

    def save(self):
        """Writes all files again, with matching checksums, row counts and history."""
        self.is_saved = True
        head = {key: value for key, value in self.summary.items() if key != "files"}
        known = {key: head[key] for key in check_snapshot.TOP}
        csv_rows = self.rows if self.csv_rows is None else self.csv_rows
        files = {
            "subscribers.csv.gz": (len(csv_rows), pack(self.table(csv_rows))),
            "snapshot.json.gz": (len(self.rows), pack(json.dumps(known | {"subscribers": self.rows} | head).encode())),
            "rejected.csv": (self.rejected.count(b"\n") - 1, self.rejected),
        }
        for entry in self.summary["files"]:
            name = entry["name"]
            rows, content = files[name]
            content = self.tampering.get(name, lambda whole: whole)(content)
            self.write(f"reports/{self.name}/{name}", content)
            entry.update(rows=rows, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        self.save_summary()
        self.save_history()
        os.chmod(self.run, 0o750)

    def table(self, rows):
        return csv_text([check_snapshot.HEADER.split(",")] + [
            [row["id"], "" if row["online_status"] is None else row["online_status"], row["online_status_message"] or "",
             moment(row["last_online"]), row["checked_at"] or "", row["attempts"], row["error"] or ""] for row in rows])

    def save_summary(self):
        self.write(f"reports/{self.name}/summary.json", json.dumps(self.summary).encode())

    def save_history(self, times=1, **changes):
        run, unique, counts = self.summary["run"], self.summary["source"]["unique"], self.summary["counts"]
        account = self.summary["account"]
        shown = [counts[name] for name in ("online", "offline", "undisclosed", "try_later", "unavailable")]
        percents = [f"{100 * counts[name] / unique:.2f}" for name in ("online", "unavailable")]
        fields = dict(zip(check_snapshot.HISTORY.split(","), [
            run["id"], run["started_at"], run["finished_at"], str(run["complete"]).lower(), self.summary["source"]["name"],
            unique, *shown, sum(counts.values()) - sum(shown) + counts["try_later"], *percents,
            account["subscribers_count"], account["id"], account["name"]])) | changes
        self.write("reports/history.csv", csv_text([list(fields)] + [list(fields.values())] * times))


def fits(findings, expected):
    """Whether each expected pattern matches a finding, and each finding matches a pattern."""
    return (all(any(re.match(pattern, finding) for pattern in expected) for finding in findings)
            and all(any(re.match(pattern, finding) for finding in findings) for pattern in expected))
