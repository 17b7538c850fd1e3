"""Runs that left one thing as it may not be, and what check_run.py has to say of each."""

import os
import re
import shutil

import check_run
import doctored
import secret_proofs
import snapshot_proofs

RUNS = []


def run(*expected):
    """A run that gives the findings that `expected` begins, each of them and no other.

    The doctored copy is what there is after the run; `facts` is what the checker is told of it.
    """
    return lambda doctor: RUNS.append((doctor, expected)) or doctor


@run()
def complete(copy, facts):
    pass


@run()
def incomplete(copy, facts):
    snapshot_proofs.some_left_open(copy)
    os.remove(os.path.join(copy.reports, "latest"))
    facts["code"] = 3


@run()
def stopped(copy, facts):
    snapshot_proofs.one_not_asked(copy)
    os.remove(os.path.join(copy.reports, "latest"))
    copy.keep_work()
    facts["code"] = 75


@run(".*/spool is missing")
def stopped_without_what_the_next_run_needs(copy, facts):
    snapshot_proofs.one_not_asked(copy)
    os.remove(os.path.join(copy.reports, "latest"))
    copy.keep_work("spool")
    facts["code"] = 75


@run()
def continued(copy, facts):
    work, incomplete = f"reports/.work/{copy.run_id}", f"reports/{copy.run_id}-incomplete"
    facts["before"] |= {
        "reports": "directory", "reports/.work": "directory", work: "directory", work + "/spool": "file 1 1",
        "reports/history.csv": "file 1 1", incomplete: "directory", incomplete + "/summary.json": "file 1 1"}


@run("exit code 0, and .*-incomplete is still there", ".*-incomplete: ")
def continued_and_published_beside_what_was_incomplete(copy, facts):
    copy.save()
    shutil.copytree(copy.run, copy.run + "-incomplete")
    now = check_run.listing(copy.directory)
    facts["before"] |= {path: told for path, told in now.items() if path.startswith(f"reports/{copy.run_id}-incomplete")}


@run()
def stopped_twice(copy, facts):
    stopped(copy, facts)
    facts["before"] |= {"reports": "directory", f"reports/{copy.name}": "directory",
                        f"reports/{copy.name}/summary.json": "file 1 1", f"reports/.work/{copy.run_id}/answers": "file 1 1"}


@run("reports/.work/[^/]*/(answers|spool|run.json) is left", "reports/.work/[^/]* is left")
def complete_with_work_left(copy, facts):
    copy.keep_work()


def refused(copy, facts):
    copy.save()
    shutil.rmtree(copy.run)
    os.remove(os.path.join(copy.reports, "latest"))
    os.remove(os.path.join(copy.reports, "history.csv"))
    facts.update(code=65, ids=None)


run()(refused)


@run()
def refused_beside_earlier_work(copy, facts):
    refused(copy, facts)
    copy.keep_work()
    facts["before"] = check_run.listing(copy.directory)


@run("reports/.work/[^/]*/answers is left")
def refused_with_earlier_work_changed(copy, facts):
    refused_beside_earlier_work(copy, facts)
    copy.write(f"reports/.work/{copy.run_id}/answers", b"more")


@run("reports/.work/[^/]*/spool is left")
def refused_with_work_left(copy, facts):
    refused_beside_earlier_work(copy, facts)
    del facts["before"][f"reports/.work/{copy.run_id}/spool"]


@run()
def out_of_room(copy, facts):
    refused(copy, facts)
    copy.keep_work()
    facts["code"] = 74


@run("reports/.work/[^/]*/snapshot is left")
def out_of_room_with_half_a_snapshot(copy, facts):
    out_of_room(copy, facts)
    os.mkdir(os.path.join(copy.reports, ".work", copy.run_id, "snapshot"))


@run()
def refused_before_the_output_directory_was_made(copy, facts):
    copy.save()
    shutil.rmtree(copy.reports)
    facts.update(code=64, ids=None)


@run()
def published_where_latest_cannot_be(copy, facts):
    copy.keep_work()
    os.remove(os.path.join(copy.reports, "latest"))
    facts.update(code=73, setting="publication cannot end")


@run("exit code 0 of a run whose publication cannot end")
def published_as_if_nothing_were(copy, facts):
    facts["setting"] = "publication cannot end"


@run(".*: status of")
def complete_with_a_wrong_status(copy, facts):
    snapshot_proofs.a_status_of_another(copy)


@run(".*: ids in order")
def complete_in_another_order(copy, facts):
    snapshot_proofs.two_rows_swapped(copy)


@run("exit code 3, and the snapshot is", "exit code 3, and latest is", ".*: exit code 0 in the summary")
def complete_with_exit_code_3(copy, facts):
    facts["code"] = 3


@run("exit code 0, and the snapshot is", "exit code 0, and latest is", ".*: exit code 3 in the summary")
def incomplete_with_exit_code_0(copy, facts):
    snapshot_proofs.some_left_open(copy)


@run("exit code 3, and latest is link to")
def incomplete_and_latest_moved(copy, facts):
    incomplete(copy, facts)
    os.symlink(copy.name, os.path.join(copy.reports, "latest"))


@run(".*: exit code 75 in the summary, and the run's was 76")
def stopped_with_another_exit_code(copy, facts):
    snapshot_proofs.one_not_asked(copy)
    os.remove(os.path.join(copy.reports, "latest"))
    copy.keep_work()
    facts["code"] = 76


@run("exit code 65, and the snapshot is", ".*: exit code 3 in the summary")
def refused_and_published(copy, facts):
    incomplete(copy, facts)
    copy.keep_work()
    facts["code"] = 65


@run("exit code 0, and latest is None")
def latest_missing(copy, facts):
    os.remove(os.path.join(copy.reports, "latest"))


@run("exit code 0, and latest is link to elsewhere")
def latest_elsewhere(copy, facts):
    os.remove(os.path.join(copy.reports, "latest"))
    os.symlink("elsewhere", os.path.join(copy.reports, "latest"))


@run(r"exit code 0, and the new snapshots are \[\]")
def complete_without_a_snapshot(copy, facts):
    refused(copy, facts)
    facts["code"] = 0


@run(r"exit code 3, and the new snapshots are \[\]")
def incomplete_without_a_snapshot(copy, facts):
    refused(copy, facts)
    facts["code"] = 3


@run("exit code 65, no snapshot, and history.csv was changed", "history.csv has a row of no run")
def refused_with_a_row_in_the_history(copy, facts):
    refused(copy, facts)
    copy.save_history()


@run("history.csv has a row of no run")
def a_history_of_a_run_that_never_was(copy, facts):
    copy.save()
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("20261120T231500Z-7f3a\n")


@run("history.csv has a row of no run")
def an_older_history_with_something_else(copy, facts):
    a_history_of_a_run_that_never_was(copy, facts)
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("x\n")
    facts["before"] |= {"reports": "directory", "reports/history.csv": "file 1 1"}


@run("history.csv has a run twice")
def an_older_history_with_a_run_twice(copy, facts):
    a_history_of_a_run_that_never_was(copy, facts)
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("20261120T231500Z-7f3a\n")
    facts["before"] |= {"reports": "directory", "reports/history.csv": "file 1 1"}


def left(path):
    def doctor(copy, facts):
        copy.save()
        copy.write(path, b"")
    doctor.__name__ = f"left_{path}"
    run(f"{re.escape(path)} is left")(doctor)


for name in ("reports/.work/spool", "reports/latest.new", "reports/history.csv.new", "list.csv.tmp", "list.csv-wal-wal",
             "reports/history.csv.before-20261121T231500Z-0000", "reports/20261121T231500Z-7f3a-incomplete.part"):
    left(name)


@run("sqlite-temporary is left in TMPDIR")
def something_left_in_the_temporary_directory(copy, facts):
    copy.write("../scratch/tmp/sqlite-temporary", b"")


@run("other is left")
def what_was_meant_to_be_made_and_more(copy, facts):
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
    def doctor(copy, facts):
        copy.save()
        copy.write(path, facts["secret"].encode())
    doctor.__name__ = f"secret_at_{path}"
    run(f"the secret is in .*{re.escape(os.path.basename(path))}", *others)(doctor)


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
    facts["before"] |= {name: told for name, told in check_run.listing(copy.directory).items() if name == "token"}


def prove(original, directory):
    for doctor, expected in RUNS:
        home = os.path.join(directory, doctor.__name__.replace("/", "_"))
        os.makedirs(home + "/scratch/tmp")
        copy = doctored.Copy(original, home + "/work")
        for path, content in (("list.csv", b""), ("ids", "".join(id + "\n" for id in copy.ids).encode()),
                              ("../scratch/stdout", b"said"), ("../scratch/stderr", b"")):
            copy.write(path, content)
        before = {path: told for path, told in check_run.listing(copy.directory).items() if path in ("list.csv", "ids")}
        facts = {
            "directory": copy.directory, "output": copy.reports, "before": before, "scratch": home + "/scratch", "code": 0,
            "ids": copy.directory + "/ids", "sandbox": True, "secret": secret_proofs.SECRET, "spared": [], "makes": [],
            "setting": "ordinary",
        }
        doctor(copy, facts)
        if not copy.is_saved:
            copy.save()
        findings = check_run.Run(facts).check().wrong
        yield doctored.fits(findings, expected), doctor.__name__, findings
