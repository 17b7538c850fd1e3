"""Runs with one mistake each, and the finding of check_run.py that each must give."""

import os
import shutil

import check_run
import tampered
import secret_proofs
import snapshot_proofs

RUNS = []


def run(*expected):
    """Registers a run whose findings must match the start patterns in `expected`, each pattern and no other.

    The tampered copy is the state after the run; `facts` is the input of the checker.
    """
    return lambda tamper: RUNS.append((tamper, expected)) or tamper


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
def continued_but_incomplete_snapshot_left(copy, facts):
    copy.save()
    shutil.copytree(copy.run, copy.run + "-incomplete")
    now = check_run.listing(copy.directory)
    facts["before"] |= {path: entry for path, entry in now.items() if path.startswith(f"reports/{copy.run_id}-incomplete")}


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
    os.remove(os.path.join(copy.reports, "latest"))
    facts["setting"] = "latest cannot be made"


@run("exit code 73 of a run whose latest cannot be made")
def published_with_exit_code_73(copy, facts):
    copy.keep_work()
    facts.update(code=73, setting="latest cannot be made")


@run(".*: status of")
def complete_with_a_wrong_status(copy, facts):
    snapshot_proofs.a_status_of_another_id(copy)


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
def a_history_row_of_no_run(copy, facts):
    copy.save()
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("20261120T231500Z-7f3a\n")


@run("history.csv has a row of no run")
def an_older_history_with_another_line(copy, facts):
    a_history_row_of_no_run(copy, facts)
    with open(os.path.join(copy.reports, "history.csv"), "a", encoding="ascii") as file:
        file.write("x\n")
    facts["before"] |= {"reports": "directory", "reports/history.csv": "file 1 1"}


def prove(original, directory):
    for tamper, expected in RUNS:
        home = os.path.join(directory, tamper.__name__.replace("/", "_"))
        os.makedirs(home + "/scratch/tmp")
        copy = tampered.Copy(original, home + "/work")
        for path, content in (("list.csv", b""), ("ids", "".join(id + "\n" for id in copy.ids).encode()),
                              ("../scratch/stdout", b"said"), ("../scratch/stderr", b"")):
            copy.write(path, content)
        before = {path: entry for path, entry in check_run.listing(copy.directory).items() if path in ("list.csv", "ids")}
        facts = {
            "directory": copy.directory, "output": copy.reports, "before": before, "scratch": home + "/scratch", "code": 0,
            "ids": copy.directory + "/ids", "sandbox": True, "secret": secret_proofs.SECRET, "spared": [], "makes": [],
            "setting": "ordinary",
        }
        tamper(copy, facts)
        if not copy.is_saved:
            copy.save()
        findings = check_run.Run(facts).check().wrong
        yield tampered.fits(findings, expected), tamper.__name__, findings
