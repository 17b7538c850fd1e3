"""Small handwritten histories with known verdicts for prune_proofs.py: the rules about directories and summaries.

Each is the same sound history of five runs with one change. The expected result is an exit code, the rows of the list, or
"list N": both ids that are always gone, with the last N runs.
"""

import os
import shutil

from prune_damage import edit
from prune_draw import DAY, Snapshot, iso

NOW = 1795824000 + 12345
AGO = [60, 46, 32, 15, 1]
OLDEST, BEFORE, FIRST, MIDDLE, NEWEST = range(5)
GONE = ["gone-1", "gone-2"]
HERE = [f"here-{number:02}" for number in range(18)]
CASES = []


def case(expected, **options):
    """Registers a function that changes the runs before they are written, and may return a function that damages them."""
    def register(function):
        CASES.append((function, expected, options))
        return function
    return register


def since(place, runs, keys=GONE):
    """The rows of ids that were first unavailable in a run. The time of the check of an id is its position in the list."""
    times = [NOW - AGO[place] * DAY + (GONE + HERE).index(key) for key in keys]
    return [(key, f"{iso(time)[:-1]}.{(GONE + HERE).index(key) * 7:03}Z", runs) for key, time in zip(keys, times)]


def sound():
    """Five runs: the window is the last three; before it are its predecessor and an older run."""
    return [Snapshot(NOW - days * DAY, {**dict.fromkeys(GONE, 4), **dict.fromkeys(HERE, 1)}, "aaaa", key="5a" * 32)
            for days in AGO]


def path(output, run, name=""):
    return os.path.join(output, run.directory, name) if name else os.path.join(output, run.directory)


def move(run, days):
    """Moves the start of a run to another day."""
    run.start = run.said_start = int(NOW - days * DAY)
    run.finished = run.start + 90


def lose_summary(run):
    return lambda output: os.remove(path(output, run, "summary.json"))


def flip_rows(run):
    return lambda output: edit(path(output, run, "subscribers.csv.gz"), lambda data: data[:30] + b"!" + data[31:])


@case("list 5")
def all_is_well(runs):
    pass


@case(4)
def newest_run_failed(runs):
    runs[NEWEST].exit_code = 3


@case(4)
def newest_run_is_of_unknown_account(runs):
    runs[NEWEST].account = None


@case("list 5")
def newest_run_lacks_an_answer_but_succeeded(runs):
    runs[NEWEST].answers["here-00"] = 3


@case(4, runs=6)
def too_few_runs(runs):
    pass


@case(4, days=60)
def runs_do_not_reach_back_far_enough(runs):
    pass


@case(since(OLDEST, 5, ["gone-1"]), days=40, max_jump=7)
def window_grows_to_reach_back(runs):
    runs[BEFORE].answers["gone-2"] = 0


@case(65)
def window_is_wanting_and_an_old_run_is_damaged(runs):
    del runs[FIRST:NEWEST]
    return lose_summary(runs[OLDEST])


@case(65)
def damage_in_the_window(runs):
    return lose_summary(runs[MIDDLE])


@case(65)
def damage_between_predecessor_and_window(runs):
    runs.append(Snapshot(NOW - 40 * DAY, dict.fromkeys(GONE, 4)))
    return lose_summary(runs[-1])


@case("list 4")
def damage_older_than_the_predecessor(runs):
    return lose_summary(runs[OLDEST])


@case(65)
def damage_anywhere_without_a_predecessor(runs):
    runs[BEFORE].account = None
    return lose_summary(runs[OLDEST])


@case(65)
def file_with_the_name_of_a_run(runs):
    def damage(output):
        shutil.rmtree(path(output, runs[MIDDLE]))
        with open(path(output, runs[MIDDLE]), "w", encoding="utf-8") as file:
            file.write("x")
    return damage


@case(65)
def another_schema(runs):
    return lambda output: edit(path(output, runs[MIDDLE], "summary.json"),
                               lambda data: data.replace(b"snapshot/1", b"snapshot/2"))


@case(4)
def run_of_the_window_renamed_to_older(runs):
    return lambda output: os.rename(path(output, runs[MIDDLE]), os.path.join(output, "20200101T000000Z-aaaa"))


@case(4)
def old_run_renamed_to_newer(runs):
    return lambda output: os.rename(path(output, runs[OLDEST]), path(output, runs[NEWEST])[:-4] + "0000")


@case(4)
def copy_of_the_same_second(runs):
    return lambda output: shutil.copytree(path(output, runs[MIDDLE]), path(output, runs[MIDDLE])[:-4] + "0000")


@case("list 5")
def old_run_copied_to_older(runs):
    return lambda output: shutil.copytree(path(output, runs[OLDEST]), os.path.join(output, "20200101T000000Z-aaaa"))


@case(4)
def run_there_twice(runs):
    return lambda output: shutil.copytree(path(output, runs[MIDDLE]), path(output, runs[MIDDLE]) + "-incomplete")


@case("list 5")
def old_run_there_twice(runs):
    return lambda output: shutil.copytree(path(output, runs[OLDEST]), path(output, runs[OLDEST]) + "-incomplete")


@case("list 5")
def backup_names(runs):
    def damage(output):
        for name in (".bak", " (copy)", "-incomplete.bak"):
            os.mkdir(path(output, runs[MIDDLE]) + name)
    return damage


@case(4)
def run_ten_minutes_ahead(runs):
    move(runs[NEWEST], -600 / DAY)


@case("list 5")
def run_four_minutes_ahead(runs):
    move(runs[NEWEST], -240 / DAY)
    runs[NEWEST].finished = runs[NEWEST].start + 30


@case(4)
def run_that_ends_too_far_ahead(runs):
    runs[NEWEST].finished = int(NOW) + 301


@case(4)
def run_finished_before_it_started(runs):
    runs[MIDDLE].finished = runs[MIDDLE].start - 1


@case(4)
def start_is_not_that_of_the_id(runs):
    runs[MIDDLE].said_start += 1


@case(4)
def another_account_in_the_window(runs):
    runs[MIDDLE].account = "pa:2"


@case(4)
def another_account_in_a_failed_run(runs):
    runs[MIDDLE].account, runs[MIDDLE].exit_code = "pa:2", 3
    move(runs[BEFORE], 33)


@case("list 3")
def another_account_before_the_window(runs):
    runs[BEFORE].account = "pa:2"


@case(4)
def another_source_in_the_window(runs):
    runs[MIDDLE].key = "0c" * 32
    move(runs[BEFORE], 33)


@case("list 5")
def another_name_of_the_same_key(runs):
    runs[MIDDLE].name = "moved.csv"


@case(4)
def another_name_without_a_key(runs):
    runs[MIDDLE].name, runs[MIDDLE].key = "moved.csv", None
