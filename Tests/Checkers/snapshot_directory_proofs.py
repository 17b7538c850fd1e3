"""Snapshots whose rejected rows, modes, files or history are wrong: the second part of `snapshot_proofs`."""

import os

from snapshot_proofs import snapshot


@snapshot("attempts of")
def an_answer_without_attempts(copy):
    copy.of(0)["attempts"] = 0


@snapshot("rejected rows")
def a_rejected_row_dropped(copy):
    copy.rejected = copy.rejected[:copy.rejected[:-1].rindex(b"\n") + 1]


@snapshot("rejected rows", "rejected row of line")
def a_rejected_row_counted_twice(copy):
    copy.rejected = copy.rejected[:-2] + b"2\n"


@snapshot("source key")
def a_source_without_a_key(copy):
    copy.summary["source"]["key"] = ""


@snapshot("rejected.csv is there")
def the_rejected_rows_dropped(copy):
    copy.summary["files"] = [entry for entry in copy.summary["files"] if entry["name"] != "rejected.csv"]
    os.remove(os.path.join(copy.run, "rejected.csv"))


@snapshot("subscribers.csv.gz mode")
def a_world_readable_file(copy):
    copy.save()
    os.chmod(os.path.join(copy.run, "subscribers.csv.gz"), 0o644)


@snapshot("directory mode")
def a_world_readable_directory(copy):
    copy.save()
    os.chmod(copy.run, 0o755)


@snapshot("files: ")
def an_extra_file(copy):
    copy.save()
    copy.write(f"reports/{copy.name}/subscribers.csv.gz.new", b"")


@snapshot("history: ")
def a_history_off_by_one(copy):
    copy.save()
    copy.save_history(online=copy.summary["counts"]["online"] + 1)


@snapshot("history: ")
def a_history_with_another_share(copy):
    copy.save()
    copy.save_history(online_percent="99.99")


@snapshot("history: ")
def a_history_without_the_run(copy):
    copy.save()
    copy.save_history(times=0)


@snapshot("history: ")
def a_history_with_the_run_twice(copy):
    copy.save()
    copy.save_history(times=2)


@snapshot(".* cannot be read: FileNotFoundError")
def no_summary(copy):
    copy.save()
    os.remove(os.path.join(copy.run, "summary.json"))
