"""Snapshots with one mistake each, and the finding of check_snapshot.py that each must give."""

import os

import check_snapshot
import tampered

SNAPSHOTS = []


def snapshot(*expected, ids=False):
    """Registers a copy whose findings, or else verdict, must match the start patterns in `expected`, and no other."""
    return lambda tamper: SNAPSHOTS.append((tamper, expected, ids)) or tamper


@snapshot(r"sound: \d+ ids$", ids=True)
def as_it_is(copy):
    pass


@snapshot("rows: ", "counts of the rows")
def a_row_dropped(copy):
    del copy.rows[7]


@snapshot("ids in order", ids=True)
def a_row_dropped_and_all_recounted(copy):
    a_row_dropped(copy)
    copy.recount()


@snapshot("an id twice")
def a_row_doubled_and_all_recounted(copy):
    copy.rows.insert(9, dict(copy.rows[3]))
    copy.recount()


@snapshot("ids in order", ids=True)
def an_id_instead_of_another(copy):
    row = copy.rows[5]
    row["id"] = row["id"].swapcase()
    row["online_status"], row["last_online"] = check_snapshot.sandbox(row["id"])
    row["online_status_message"] = check_snapshot.NAMES[row["online_status"]]
    copy.recount()


@snapshot("ids in order", ids=True)
def two_rows_swapped(copy):
    copy.rows[10], copy.rows[11] = copy.rows[11], copy.rows[10]


@snapshot("status of")
def a_status_of_another_id(copy):
    copy.of(1).update({key: value for key, value in copy.of(4).items() if key != "id"})
    copy.recount()


@snapshot("status of")
def two_statuses_exchanged(copy):
    one, two = copy.of(0), copy.of(1)
    one["id"], two["id"] = two["id"], one["id"]
    copy.rows.sort(key=lambda row: copy.ids.index(row["id"]))


@snapshot("status of")
def two_times_exchanged(copy):
    one, two = copy.of(1), copy.of(1, skip=1)
    one["last_online"], two["last_online"] = two["last_online"], one["last_online"]


@snapshot("counts: ", "counts of the rows")
def a_count_off_by_one(copy):
    copy.summary["counts"]["online"] += 1


@snapshot("counts of the rows")
def two_counts_changed(copy):
    copy.summary["counts"]["online"] += 1
    copy.summary["counts"]["offline"] -= 1


@snapshot("rows_read")
def a_row_read_but_not_counted(copy):
    copy.summary["source"]["rows_read"] += 1


@snapshot("accepted")
def a_duplicate_forgotten(copy):
    copy.summary["source"]["duplicates"] -= 1


@snapshot("subscribers.csv.gz and snapshot.json.gz hold different rows")
def a_row_that_differs_between_the_files(copy):
    copy.csv_rows = [dict(row) for row in copy.rows]
    copy.csv_rows[20]["attempts"] += 1


@snapshot("snapshot.json.gz and summary.json")
def a_summary_of_another_run(copy):
    copy.save()
    copy.summary["api"]["requests"] += 1
    copy.save_summary()


@snapshot("subscribers.csv.gz sha256")
def a_stale_sum(copy):
    copy.save()
    copy.summary["files"][0]["sha256"] = copy.summary["files"][1]["sha256"]
    copy.save_summary()


@snapshot("snapshot.json.gz bytes")
def a_stale_size(copy):
    copy.save()
    copy.summary["files"][1]["bytes"] += 1
    copy.save_summary()


@snapshot("subscribers.csv.gz rows", "snapshot.json.gz rows", "rejected.csv rows")
def stale_counts_of_rows(copy):
    copy.save()
    for entry in copy.summary["files"]:
        entry["rows"] += 1
    copy.save_summary()


@snapshot("subscribers.csv.gz is whole")
def gzip_without_its_end(copy):
    copy.tampering["subscribers.csv.gz"] = lambda whole: whole[:-5]


@snapshot("subscribers.csv.gz is whole", "subscribers.csv.gz rows", ".* cannot be read")
def gzip_cut_among_the_rows(copy):
    copy.tampering["subscribers.csv.gz"] = lambda whole: whole[:len(whole) // 2]


@snapshot("snapshot.json.gz trailing bytes")
def a_second_gzip_member_of_nothing(copy):
    copy.tampering["snapshot.json.gz"] = lambda whole: whole + tampered.pack(b"")


@snapshot("subscribers.csv.gz trailing bytes")
def a_second_gzip_member_with_the_last_row(copy):
    first, last = copy.table(copy.rows[:-1]), copy.table(copy.rows[-1:]).split(b"\n", 1)[1]
    copy.tampering["subscribers.csv.gz"] = lambda whole: tampered.pack(first) + tampered.pack(last)
    copy.csv_rows = copy.rows[:-1]
    copy.rows = copy.rows[:-1]
    copy.recount()


@snapshot("snapshot.json.gz gzip header")
def a_time_in_the_gzip_header(copy):
    copy.tampering["snapshot.json.gz"] = lambda whole: whole[:4] + b"\1\0\0\0" + whole[8:]


@snapshot("directory: ")
def an_extra_suffix(copy):
    copy.rename(copy.run_id + "-incomplete")


@snapshot("directory: ")
def a_suffix_missing(copy):
    some_left_open(copy)
    copy.rename(copy.run_id)


@snapshot("complete: True")
def a_run_that_says_it_is_complete(copy):
    some_left_open(copy)
    copy.summary["run"]["exit_code"] = 75
    copy.summary["run"]["complete"] = True


@snapshot("complete with exit code 0")
def an_incomplete_run_that_succeeded(copy):
    some_left_open(copy)
    copy.end(0)


@snapshot("complete with exit code 3")
def a_complete_run_that_did_not_finish(copy):
    copy.end(3)


@snapshot(r"sound: \d+ ids, 2 of them without a definite status$", ids=True)
def some_left_open(copy):
    copy.leave_open(copy.of(0))
    copy.leave_open(copy.of(1), "failed:timeout")
    copy.recount()
    copy.end(3)


@snapshot("status of")
def some_left_open_and_a_wrong_status(copy):
    some_left_open(copy)
    copy.of(2).update(online_status=4, online_status_message="unavailable")
    copy.recount()


@snapshot(r"sound: \d+ ids, 1 of them without a definite status$", ids=True)
def one_not_asked(copy):
    row = copy.of(0)
    copy.leave_open(row, "not_asked")
    row["attempts"] = 0
    copy.recount()
    copy.end(75)


@snapshot("attempts of")
def attempts_of_an_id_not_asked(copy):
    one_not_asked(copy)
    copy.of(None)["attempts"] = 1


@snapshot("counts of the rows")
def an_unknown_reason(copy):
    copy.leave_open(copy.of(0), "failed:somehow")
    copy.recount()
    copy.summary["counts"]["failed"] = 1
    copy.end(3)


@snapshot("message of")
def a_message_of_another_status(copy):
    copy.of(0)["online_status_message"] = "offline"


@snapshot("time of")
def an_answer_without_a_time(copy):
    copy.of(0)["checked_at"] = None


@snapshot("error of")
def an_answer_and_an_error(copy):
    copy.of(0)["error"] = "failed:timeout"


def prove(original, directory):
    for tamper, expected, ids in SNAPSHOTS:
        copy = tampered.Copy(original, os.path.join(directory, tamper.__name__))
        tamper(copy)
        if not copy.is_saved:
            copy.save()
        checker = check_snapshot.Checker(copy.run).check(copy.ids if ids else None, True)
        findings = checker.wrong or [checker.verdict(True)]
        yield tampered.fits(findings, expected), tamper.__name__, findings
