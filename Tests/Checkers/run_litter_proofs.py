"""Runs that left or changed files, or printed the secret: the second part of `run_proofs`."""

import os
import re

import check_run
from run_proofs import a_history_row_of_no_run, run


@run("history.csv has a run twice")
def an_older_history_with_a_run_twice(copy, facts):
    a_history_row_of_no_run(copy, facts)
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("20261120T231500Z-7f3a\n")
    facts["before"] |= {"reports": "directory", "reports/history.csv": "file 1 1"}


def left(path):
    def tamper(copy, facts):
        copy.save()
        copy.write(path, b"")
    tamper.__name__ = f"left_{path}"
    run(f"{re.escape(path)} is left")(tamper)


for name in ("reports/.work/spool", "reports/latest.new", "reports/history.csv.new", "list.csv.tmp", "list.csv-wal-wal",
             "reports/history.csv.before-20261121T231500Z-0000", "reports/20261121T231500Z-7f3a-incomplete.part"):
    left(name)


@run("sqlite-temporary is left in TMPDIR")
def something_left_in_the_temporary_directory(copy, facts):
    copy.write("../scratch/tmp/sqlite-temporary", b"")


@run("other is left")
def an_extra_file_beside_allowed_ones(copy, facts):
    copy.write("made", b"")
    copy.write("other", b"")
    facts["makes"].append("made")


@run("list.csv was changed")
def the_source_changed(copy, facts):
    copy.write("list.csv", b"id\n")


@run("list.csv is gone")
def the_source_gone(copy, facts):
    os.remove(os.path.join(copy.directory, "list.csv"))


@run("reports/20261120T231500Z-7f3a/summary.json was changed", ".* cannot be read")
def an_earlier_snapshot_changed(copy, facts):
    earlier = "reports/20261120T231500Z-7f3a"
    os.mkdir(os.path.join(copy.directory, earlier))
    copy.write(earlier + "/summary.json", b"{}")
    facts["before"] |= {"reports": "directory", earlier: "directory", earlier + "/summary.json": "file 3 1"}


def secret_at(path, *others):
    def tamper(copy, facts):
        copy.save()
        copy.write(path, facts["secret"].encode())
    tamper.__name__ = f"secret_at_{path}"
    run(f"the secret is in .*{re.escape(os.path.basename(path))}", *others)(tamper)


secret_at("../scratch/stdout")
secret_at("../scratch/stderr")
secret_at("reports/.work/.lock")
secret_at("list.csv", "list.csv was changed")


@run("the secret is in .*summary.json", "the secret is in .*snapshot.json.gz")
def secret_in_the_snapshot(copy, facts):
    copy.summary["warnings"].append(facts["secret"])


@run("the secret is in")
def secret_said_beside_another_run(copy, facts):
    copy.write("reports/latest.new", b"")
    copy.write("../scratch/stderr", facts["secret"].encode())
    facts["setting"] = "beside another run"


@run()
def secret_in_the_file_that_holds_it(copy, facts):
    copy.write("token", facts["secret"].encode())
    facts["spared"].append(os.path.join(copy.directory, "token"))
    facts["before"] |= {name: entry for name, entry in check_run.listing(copy.directory).items() if name == "token"}
