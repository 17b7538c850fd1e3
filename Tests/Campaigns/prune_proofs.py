#!/usr/bin/env python3
"""Tests prune_oracle.py with small handwritten histories whose verdicts are known, about one for each rule of prune-list.

This file has the cases about counts and rows, and prune_cases.py those about directories and summaries. Prints `proved N`
and exits 0, or prints the wrong cases and exits 1.
"""

import random
import tempfile

from prune_cases import AGO, BEFORE, CASES, FIRST, GONE, HERE, MIDDLE, NEWEST, NOW, OLDEST
from prune_cases import case, flip_rows, path, since, sound
from prune_damage import swap_rows
from prune_draw import DAY, Snapshot
from prune_oracle import judge


def failed_run(runs, days=5):
    """Adds a run that was not successful, with the newest run's answers."""
    runs.append(Snapshot(NOW - days * DAY, dict(runs[NEWEST].answers), "bbbb", 3, key="5a" * 32))
    return runs[-1]


@case(4)
def jump_in_window(runs):
    for run in runs[MIDDLE:]:
        run.answers.update({"here-00": 4, "here-01": 4})


@case(4)
def jump_into_the_window(runs):
    for run in runs[FIRST:]:
        run.answers.update({"here-00": 4, "here-01": 4})


@case("list 5", max_jump=11)
def jump_that_is_allowed(runs):
    for run in runs[MIDDLE:]:
        run.answers.update({"here-00": 4, "here-01": 4})


@case(4)
def list_shrank_into_the_window(runs):
    for run in runs[FIRST:]:
        for key in HERE[:3]:
            del run.answers[key]


@case("list 5", max_list_shrink=16)
def list_may_shrink(runs):
    for run in runs[FIRST:]:
        for key in HERE[15:]:
            del run.answers[key]


@case(65)
def rows_of_the_window_damaged(runs):
    return flip_rows(runs[FIRST])


@case(65)
def rows_of_a_failed_run_damaged(runs):
    return flip_rows(failed_run(runs))


@case("list 4")
def rows_before_the_window_damaged(runs):
    return flip_rows(runs[OLDEST])


@case("list 3")
def walk_stops_at_damaged_rows(runs):
    return flip_rows(runs[BEFORE])


@case(65)
def rows_of_two_runs_swapped(runs):
    return lambda output: swap_rows(random.Random(1), path(output, runs[MIDDLE]),
                                    [path(output, runs[MIDDLE]), path(output, runs[FIRST])])


@case(65)
def rows_that_are_not_those_of_the_counts(runs):
    runs[MIDDLE].tally = runs[FIRST].tally
    runs[MIDDLE].answers["gone-1"] = 1


@case("list 3")
def predecessor_has_the_account_of_the_newest_run(runs):
    runs[BEFORE].account, runs[BEFORE].answers = "pa:2", dict.fromkeys(runs[BEFORE].answers, 1)


@case(4)
def jump_wins_over_damaged_rows(runs):
    jump_in_window(runs)
    return flip_rows(runs[FIRST])


@case("list 5")
def rows_of_a_failed_run_before_the_window_damaged(runs):
    return flip_rows(failed_run(runs, 50))


@case(since(OLDEST, 5, ["gone-2"]), max_jump=7)
def reachable_once_in_the_window(runs):
    runs[MIDDLE].answers["gone-1"] = 2


@case(since(OLDEST, 5, ["gone-2"]), max_jump=7)
def no_answer_once_in_the_window(runs):
    runs[MIDDLE].answers["gone-1"] = "not_returned"


@case(since(OLDEST, 5, ["gone-2"]), max_jump=7)
def missing_once_in_the_window(runs):
    del runs[MIDDLE].answers["gone-1"]


@case(since(OLDEST, 5, ["gone-2"]))
def reachable_in_a_failed_run(runs):
    failed_run(runs).answers["gone-1"] = 1


@case(since(OLDEST, 5, ["gone-2"]))
def reachable_in_a_run_of_unknown_account(runs):
    other = failed_run(runs)
    other.exit_code, other.suffix, other.account, other.answers["gone-1"] = 0, "", None, 0


@case("list 5")
def reachable_in_a_failed_run_before_the_window(runs):
    failed_run(runs, 33).answers["gone-1"] = 1


@case("list 5")
def no_answer_in_a_failed_run(runs):
    other = failed_run(runs)
    other.answers["gone-1"], other.answers["gone-2"] = 3, "not_asked"


@case(4)
def everybody_is_gone(runs):
    for run in runs:
        run.answers = dict.fromkeys(run.answers, 4)


@case(since(OLDEST, 5, GONE + HERE), max_listed=100)
def everybody_is_gone_and_may_be_listed(runs):
    everybody_is_gone(runs)


@case([])
def nobody_is_gone(runs):
    for run in runs:
        run.answers = dict.fromkeys(run.answers, 0)


@case(since(OLDEST, 5)[::-1])
def order_is_that_of_the_newest_run(runs):
    runs[NEWEST].answers = dict(reversed(runs[NEWEST].answers.items()))


@case(since(OLDEST, 4, ["gone-1"]) + since(OLDEST, 5, ["gone-2"]), max_jump=7)
def walk_passes_over_no_answer(runs):
    runs[BEFORE].answers["gone-1"] = 3


@case(since(FIRST, 3, ["gone-1"]) + since(OLDEST, 5, ["gone-2"]), max_jump=7)
def walk_ends_where_the_id_is_reachable(runs):
    runs[BEFORE].answers["gone-1"] = 1


@case(since(FIRST, 3, ["gone-1"]) + since(OLDEST, 5, ["gone-2"]), max_jump=7)
def walk_ends_where_the_id_is_missing(runs):
    # Another id keeps the positions in the list, and so the times of the checks.
    runs[BEFORE].answers = {"else" if key == "gone-1" else key: answer for key, answer in runs[BEFORE].answers.items()}


@case(66)
def no_run_at_all(runs):
    runs.clear()


def prove(function, expected, options):
    """None, or the wrong result."""
    with tempfile.TemporaryDirectory(prefix="prune-") as output:
        runs = sound()
        damage = function(runs)
        for run in runs:
            run.write(output)
        if damage:
            damage(output)
        if isinstance(expected, str):
            last = int(expected.split()[1])
            expected = since(len(AGO) - last, last)
        code, rows = (expected, []) if isinstance(expected, int) else (0, expected)
        result = judge(output, NOW, **options)
        if (result.code, result.rows) != (code, rows):
            return f"expected {code} {rows}, came out {result.code} {result.rows} {result.reason} {result.unusable}"
        return None


def main():
    wrong = 0
    for function, expected, options in CASES:
        found = prove(function, expected, options)
        if found:
            wrong += 1
            print(f"WRONG: {function.__name__.replace('_', ' ')}: {found}")
    if not wrong:
        print(f"proved {len(CASES)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
