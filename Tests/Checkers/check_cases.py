#!/usr/bin/env python3
"""Checks that every case of the fault matrix has tests, that they were run, and that they passed.

usage: check_cases.py TABLE RESULT...
       check_cases.py --prove

TABLE is a Markdown file with rows `| A-13 | what happens | `SuiteName/testName`, … |`, or `none: REASON` instead of
the tests where none is possible; the reason must start with hardware, kernel or Debian. Each RESULT is an xUnit file that
Swift Testing writes for `swift test --xunit-output`. Prints each case without passed tests and exits 1, or prints the number
of cases and exits 0. It tests itself first, on wrong tables and results.
"""

import os
import re
import sys
import tempfile
import xml.etree.ElementTree

# The numbers of each part of the matrix: the first and the last number of each range.
CASES = {
    "A": [(1, 44)],
    "B": [(1, 30)],
    "C": [(1, 45)],
    "S": [(1, 18), (21, 24), (31, 37)],
    "O": [(1, 17), (20, 22)],
    "K": [(1, 16)],
    "E": [(1, 24)],
    "L": [(1, 45)],
}
ROW = re.compile(r"\|\s*([A-Z]-\d+)\s*\|(.*)\|\s*$")
TAGS = [("failure", "failed"), ("error", "failed"), ("skipped", "skipped")]
REASON = re.compile(r"none: (hardware|kernel|Debian)\b")
REASONS = "hardware, kernel or Debian"


def expected(parts):
    return [
        f"{part}-{number:02}"
        for part, stretches in parts.items() for first, last in stretches for number in range(first, last + 1)
    ]


def read_table(text):
    """The last columns of the rows of each case."""
    rows = {}
    for line in text.splitlines():
        if match := ROW.match(line):
            # In a cell, | is written as \|.
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", match[2])]
            rows.setdefault(match[1], []).append(cells[-1] if len(cells) == 2 and cells[0] else None)
    return rows


def read_results(paths):
    """The result of each test by `Suite/test`. A test of the same name in several modules passed if it passed in all."""
    ends = {}
    for path in paths:
        for case in xml.etree.ElementTree.parse(path).getroot().iter("testcase"):
            suite = case.get("classname").split(".", 1)[-1].replace(".", "/")
            # A test name that is a sentence is in back-ticks.
            name = f"{suite}/{case.get('name').split('(')[0].strip('`')}"
            how = next((how for tag, how in TAGS if case.find(tag) is not None), "passed")
            if ends.get(name, "passed") == "passed":
                ends[name] = how
    return ends


def problems(names, rows, results):
    for name in names:
        cells = rows.get(name, [])
        if len(cells) != 1:
            yield f"{name} is {len(cells)} times in the table" if cells else f"{name} is missing"
            continue
        cell = cells[0]
        if cell is None:
            yield f"{name}: not a row of a name, a case and its tests"
        elif cell.startswith("none:"):
            if not REASON.match(cell):
                yield f"{name}: {cell!r} is not a reason; it must start with {REASONS}"
        elif not re.fullmatch(r"`[^`]+`(, `[^`]+`)*", cell):
            yield f"{name}: {cell!r} names no test"
        else:
            for test in re.findall(r"`([^`]+)`", cell):
                if test not in results:
                    yield f"{name}: there is no test {test} in the result"
                elif results[test] != "passed":
                    yield f"{name}: {test} {results[test]}"
    for name in rows.keys() - set(names):
        yield f"{name} is not a known case"


# The tests: the findings for a table of the cases with these results, and for one of cases with a gap.

RESULT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites><testsuite name="TestResults" errors="0" tests="5" failures="1" skipped="1" time="1.0">
<testcase classname="Some_Tests.GoodTests" name="passes()" time="0.1" />
<testcase classname="SomeTests.GoodTests" name="passesWithArguments(_:_:)" time="0.1" />
<testcase classname="SomeTests.GoodTests" name="`it passes`()" time="0.1" />
<testcase classname="SomeTests.GoodTests.Inner" name="passes()" time="0.1" />
<testcase classname="SomeTests.BadTests" name="fails(_:)" time="0.1" ><failure message="x" /></testcase>
<testcase classname="SomeTests.BadTests" name="isSkipped()" time="0.1" >
  <skipped>python3 is not installed</skipped>
</testcase>
<testcase classname="OneTests.TwiceTests" name="passesOnce()" time="0.1" ><failure message="x" /></testcase>
<testcase classname="OtherTests.TwiceTests" name="passesOnce()" time="0.1" />
</testsuite></testsuites>
"""
LATE_RESULT = '<testsuites><testsuite><testcase classname="SomeTests.LateTests" name="passes()"/></testsuite></testsuites>'
GOOD_ROW = "| A-01 | one | `GoodTests/passes` |\n"
TWO = {"A": [(1, 2)]}
PROOFS = [
    (GOOD_ROW + "| A-02 | two \\| three | `GoodTests/passesWithArguments`, `LateTests/passes` |", []),
    (GOOD_ROW + "| A-02 | two | `GoodTests/Inner/passes` |", []),
    (GOOD_ROW + "| A-02 | two | `GoodTests/it passes`, `GoodTests/passes` |", []),
    (GOOD_ROW + "| A-02 | two | none: kernel of Debian 12 does not tell |", []),
    (GOOD_ROW, ["A-02 is missing"]),
    (GOOD_ROW + "| A-02 | two | ? |", ["A-02: '?' names no test"]),
    (GOOD_ROW + "| A-02 | two | GoodTests/passes |", ["A-02: 'GoodTests/passes' names no test"]),
    (GOOD_ROW + "| A-02 | two | `GoodTests/passes`, ? |", ["A-02: '`GoodTests/passes`, ?' names no test"]),
    (GOOD_ROW + "| A-02 | two | |", ["A-02: '' names no test"]),
    (GOOD_ROW + "| A-02 | `GoodTests/passes` |", ["A-02: not a row of a name, a case and its tests"]),
    (GOOD_ROW + "| A-02 | | `GoodTests/passes` |", ["A-02: not a row of a name, a case and its tests"]),
    (GOOD_ROW + "| A-02 | two | none: time |", ["A-02: 'none: time' is not a reason; it must start with " + REASONS]),
    (GOOD_ROW + "| A-02 | two | `GoodTests/passe` |", ["A-02: there is no test GoodTests/passe in the result"]),
    (GOOD_ROW + "| A-02 | two | `GoodTests/passes`, `BadTests/fails` |", ["A-02: BadTests/fails failed"]),
    (GOOD_ROW + "| A-02 | two | `BadTests/isSkipped` |", ["A-02: BadTests/isSkipped skipped"]),
    (GOOD_ROW + "| A-02 | two | `TwiceTests/passesOnce` |", ["A-02: TwiceTests/passesOnce failed"]),
    (GOOD_ROW + GOOD_ROW + "| A-02 | two | `GoodTests/passes` |", ["A-01 is 2 times in the table"]),
    (GOOD_ROW + GOOD_ROW.replace("1", "2") + "| A-03 | x | `GoodTests/passes` |", ["A-03 is not a known case"]),
]
GAPS = {"B": [(1, 1), (4, 5)], "C": [(9, 10)]}
GAP_ROWS = "".join(GOOD_ROW.replace("A-01", name) for name in ("B-01", "B-04", "B-05", "C-09", "C-10"))
GAP_PROOFS = [
    (GAP_ROWS, []),
    (GAP_ROWS + GOOD_ROW.replace("A-01", "B-02"), ["B-02 is not a known case"]),
    (GAP_ROWS + GOOD_ROW.replace("A-01", "B-03"), ["B-03 is not a known case"]),
    (GAP_ROWS + GOOD_ROW.replace("A-01", "C-11"), ["C-11 is not a known case"]),
    *((GAP_ROWS.replace(name, "a line without a name"), [name + " is missing"]) for name in ("B-01", "B-04", "B-05", "C-10")),
]


def prove():
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as first, tempfile.NamedTemporaryFile("w", suffix=".xml") as second:
        for file, text in ((first, RESULT), (second, LATE_RESULT)):
            file.write(text)
            file.flush()
        results = read_results([first.name, second.name])
    for parts, proofs in ((TWO, PROOFS), (GAPS, GAP_PROOFS)):
        for table, said in proofs:
            found = list(problems(expected(parts), read_table(table), results))
            if found != said:
                sys.exit(f"check_cases.py is broken: for\n{table}\nit finds {found}, not {said}")


def main():
    prove()
    if sys.argv[1:] == ["--prove"]:
        print(f"{len(PROOFS) + len(GAP_PROOFS)} proofs hold")
        return
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        rows = read_table(file.read())
    for path in sys.argv[2:]:
        if not os.path.exists(path):
            sys.exit(f"there is no {path}; run make test first")
    names = expected(CASES)
    found = list(problems(names, rows, read_results(sys.argv[2:])))
    for line in found:
        print(line)
    if found:
        sys.exit(1)
    print(f"{len(names)} cases, all tested")


if __name__ == "__main__":
    main()
