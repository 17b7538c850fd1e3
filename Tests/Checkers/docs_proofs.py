"""Planted documents, and what check_docs.py has to say of each."""

import os
import stat
import sys
import tempfile

import check_docs
import docs_runs
from docs_text import Help

ROOT = Help("""OVERVIEW: Counts.

Exit codes:
    0  good
   64  usage

USAGE: viber-rollcall <subcommand>

SUBCOMMANDS:
  snapshot (default)      Take one.
  sandbox                 Stand in.
""")
SNAPSHOT = Help("""OVERVIEW: Take one.

SOURCE:
  <source>                A file.
  --no-header             A flag.

OPTIONS:
  -q, --quiet             Say nothing.
  --rate <r>              Most requests. Default: 10.
  --resume-within <duration>
                          Go on. Default: 1h.
  --table <name>          A table. Default: found on the first lines.
  --version               Show the version.
""")
SANDBOX = Help("""OVERVIEW: Stand in.

KIND is http-CODE[:RETRY-AFTER] (http-3XX[:LOCATION]), status-CODE, any, or one of these.

About users: missing, unknown-status[:99].

The token it accepts is one.

OPTIONS:
  --port <port>           A port. (default: 8089)
  --list <kind>           Print a list, good or with one of these defects: good, colon.
""")
README = """# Name
[options](docs/options.md#snapshot)
## Commands
| command | what it does |
|---|---|
| `viber-rollcall SOURCE` | short |
| `snapshot` | takes one |
| `sandbox` | stands in |
## Exit codes
| code | meaning |
|---|---|
| 0 | good |
| 64 | usage |
## Lines
```sh
# nothing
viber-rollcall list.csv --rate 0 -q | head
```
Do `make demo` or `viber-rollcall sandbox --port 0`.
"""
HEADER = check_docs.OPTION_ROW + "\n|---|---|---|---|\n"
OPTIONS = f"""# Options
## snapshot
{HEADER}| `SOURCE` | | | a file |
| `--no-header` | off | `VIBER_ROLLCALL_NO_HEADER` | a flag |
| `--quiet`, `-q` | off | | nothing |
| `--rate R` | `10` | | most |
| `--resume-within DURATION` | `1h` | | go on |
| `--table NAME` | found | | a table |
## sandbox
{HEADER}| `--port PORT` | `8089` | | a port |
| `--list KIND` | | | a list |
### Faults
| kind | what goes wrong |
|---|---|
| `http-CODE[:RETRY-AFTER]` | a |
| `http-3XX[:LOCATION]` | b |
| `status-CODE` | c |
| `any` | d |
| `missing` | e |
| `unknown-status[:99]` | f |
### Lists
`--list` writes `good`, `colon`.
"""
# Of each planted fault: the document, what is replaced, by what, and how each finding has to begin.
STATIC = [
    (README, "", "", []),
    (README, "| `sandbox` | stands in |\n", "", ["README.md: commands: sandbox is not documented"]),
    (README, "| `sandbox` |", "| `sandpit` |", ["README.md: commands: sandpit is", "README.md: commands: sandbox is not"]),
    (README, "| 64 | usage |\n", "", ["README.md: exit codes: 64 usage is not"]),
    (README, "| 64 | usage |", "| 64 | abuse |",
     ["README.md: exit codes: 64 abuse is documented", "README.md: exit codes: 64 usage is not"]),
    (README, "| 0 | good |\n| 64 | usage |", "| 64 | usage |\n| 0 | good |", ["README.md: exit codes: documented in another"]),
    (README, "--rate 0", "--rates 0",
     ["README.md: 'viber-rollcall list.csv --rates 0 -q | head': snapshot has no option --rates"]),
    (README, "```sh\n", "```sh norun\nx && viber-rollcall --port 1\n",
     ["README.md: 'x && viber-rollcall --port 1': snapshot has"]),
    (README, "sandbox --port 0", "sandbox --ports 0", ["README.md: 'viber-rollcall sandbox --ports 0': sandbox has no option"]),
    (README, "make demo", "make coffee", ["README.md: 'make coffee': there is no target coffee"]),
    (README, "#snapshot", "#snapshots", ["README.md: docs/options.md#snapshots leads to no heading"]),
    (README, "docs/options.md", "docs/option.md", ["README.md: docs/option.md#snapshot leads to nothing"]),
    (OPTIONS, "## sandbox", "## sandpit", ["docs/options.md: there is no section sandbox"]),
    (OPTIONS, "| `--rate R` | `10` | | most |\n", "", ["docs/options.md: snapshot: --rate is not documented"]),
    (OPTIONS, "| `--rate R` |", "| `--rates R` |",
     ["docs/options.md: snapshot: --rates is documented", "docs/options.md: snapshot: --rate is not"]),
    (OPTIONS, "`10`", "`11`", ["docs/options.md: snapshot: --rate has the default 10, and `11`"]),
    (OPTIONS, "`1h`", "", ["docs/options.md: snapshot: --resume-within has the default 1h"]),
    (OPTIONS, "| found |", "| `found` |", ["docs/options.md: snapshot: --table has the default None"]),
    (OPTIONS, "`--rate R`", "`--rate N`", ["docs/options.md: snapshot: --rate is documented with None N"]),
    (OPTIONS, "`, `-q`", "`", ["docs/options.md: snapshot: --quiet is documented with None None, and is -q"]),
    (OPTIONS, "| `SOURCE` | | | a file |\n", "", ["docs/options.md: snapshot: SOURCE is not documented"]),
    (OPTIONS, "_NO_HEADER", "_HEADER", ["docs/options.md: snapshot: --no-header is not set by VIBER_ROLLCALL_HEADER"]),
    (OPTIONS, "| `missing` | e |\n", "", ["docs/options.md: faults: missing is not documented"]),
    (OPTIONS, "`unknown-status[:99]`", "`unknown-status`", ["docs/options.md: faults: unknown-status is documented", "docs/op"]),
    (OPTIONS, ", `colon`", "", ["docs/options.md: lists: colon is not documented"]),
]
WRITTEN = {
    "subscribers.csv.gz": ["id", "error"], "rejected.csv": ["line"], "history.csv": ["run_id"],
    "summary.json": ["run", "run.id"], "snapshot.json.gz": ["subscribers"], "reasons": ["blank"], "tree": ["RUN", "latest"],
}
TABLES = "".join(
    f"## {name}\n| {kind} | meaning |\n|---|---|\n" + "".join(f"| `{one}` | x |\n" for one in WRITTEN[name])
    for names, kind in ((docs_runs.CSV_FILES, "column"), (docs_runs.JSON_FILES, "key")) for name in names)
FILES = "# Files\n```\nreports/\n  20261121T231500Z-7f3a/   x\n  latest -> x\n```\n" + TABLES.replace(
    "## history.csv", "\n| reason | the row |\n|---|---|\n| `blank` | x |\n## history.csv")
WRITING = [
    ("", "", []),
    ("| `error` | x |\n", "", ["docs/files.md: subscribers.csv.gz: error is not documented"]),
    ("| `run.id` |", "| `run.ids` |", ["docs/files.md: summary.json: run.ids is", "docs/files.md: summary.json: run.id is not"]),
    ("| `id` | x |\n| `error` | x |", "| `error` | x |\n| `id` | x |",
     ["docs/files.md: subscribers.csv.gz: documented in another"]),
    ("| `blank` | x |\n", "", ["docs/files.md: reasons: blank is not documented"]),
    ("  latest -> x\n", "", ["docs/files.md: the tree: latest is not documented"]),
    ("| `line` | x |\n", "| `line` | x |\n| `line` | x |\n", ["docs/files.md: rejected.csv: line is documented twice"] * 2),
]
WARNINGS = "## Warnings\n| warning says | what to do |\n|---|---|\n| `a b c`, `c d` | x |\n| `e f` | x |\n"
SOURCES = '"a b "\n    + "c"; """\n  e \\\n  f\n"""; "c"'
# A program that says where it listens as a sandbox, and else exits with its first argument.
PROGRAM = """#!/bin/sh
[ "$VIBER_ROLLCALL_RATE" ] && exit 64
case "$1" in
sandbox) case "$*" in
  *--list*) printf 'id\\nabc\\n' ;;
  *) echo The sandbox listens on http://127.0.0.1:1 until; sleep 1 ;;
  esac ;;
*) exit $1 ;;
esac
"""
LINES = [
    ("viber-rollcall 0 | cat", None), ("viber-rollcall 0 # exits 4", "exits 0"), ("viber-rollcall 4   # exits 4", None),
    ("viber-rollcall 4", "exits 4"), ("viber-rollcall 3 # it exits 0 or 3", None),
    ("viber-rollcall 0 \\\n && viber-rollcall 65", "exits 65"),
    ("test -s ~/.viber-token && test -s subscribers.csv && test -s bot.sqlite", None), ("no-such-program", "exits 127"),
    ("viber-rollcall sandbox --seed 1 &", None),
]


VARIABLES = [
    (("snapshot", "rate"), True, None), (("audit", "rate"), True, None), (("audit", "days"), False, None),
    (("snapshot", "table"), True, "docs/options.md: snapshot: VIBER_ROLLCALL_TABLE is documented, and sets"),
    (("prune-list", "rate"), False, "docs/options.md: prune-list: VIBER_ROLLCALL_RATE is not documented"),
]


def fail(what, found, expected):
    sys.exit(f"check_docs.py cannot be trusted: of {what!r} it says {found}, not {expected}")


def holds(found, expected):
    return len(found) == len(expected) and all(one.startswith(start) for one, start in zip(found, expected))


def prove():
    """Returns how many proofs hold; exits if one does not."""
    helps = {"snapshot": SNAPSHOT, "sandbox": SANDBOX}
    for document, old, new, expected in STATIC:
        if old not in document:
            fail(old, "nothing", "that it is planted")
        documents = {check_docs.README: README, check_docs.OPTIONS: OPTIONS}
        name = check_docs.README if document is README else check_docs.OPTIONS
        documents[name] = document.replace(old, new, 1) if old else document
        found = list(check_docs.static_findings(documents, ROOT, helps, {"demo"}, documents.__contains__))
        # A section that is gone takes the links and tables in it along.
        if not holds(found, expected):
            fail(new or old, found, expected)
    for old, new, expected in WRITING:
        found = list(check_docs.check_files(FILES.replace(old, new, 1) if old else FILES, WRITTEN))
        if not holds(found, expected):
            fail(new or old, found, expected)
    found = list(check_docs.check_demo("```text\na\nb\n```\n```sh\nc\n```\n", ["a", "c"]))
    if not holds(found, ["README.md: the demo does not print 'b'"]):
        fail("a demo", found, "one")
    found = list(check_docs.check_warnings(WARNINGS, SOURCES))
    if not holds(found, ["docs/files.md: no warning says 'c d'"]):
        fail(WARNINGS, found, "one")
    with tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False) as file:
        file.write(PROGRAM)
    try:
        os.chmod(file.name, stat.S_IRWXU)
        with docs_runs.Runs(file.name) as runs:
            text = "```sh\n" + "\n".join(line for line, _ in LINES) + "\n```\n```sh norun\nno-such-program\n```\n"
            found = [wrong for _, wrong in runs.lines(text)]
            expected = [wrong for _, wrong in LINES]
            if not holds([one or "none" for one in found], [one or "none" for one in expected]):
                fail(text, found, expected)
            found = list(runs.variables({option: is_documented for option, is_documented, _ in VARIABLES}))
            if not holds(found, [wrong for _, _, wrong in VARIABLES if wrong]):
                fail("variables", found, VARIABLES)
    finally:
        os.remove(file.name)
    return len(STATIC) + len(WRITING) + 2 + len(LINES) + len(VARIABLES)
