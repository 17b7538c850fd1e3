#!/usr/bin/env python3
"""Compares the documents with the program, and runs the command lines in them.

usage: check_docs.py BINARY [ROOT]
       check_docs.py --prove

- docs/options.md has the arguments, options, defaults and environment variables that the help of each command has, and no
  others; the faults and lists of the sandbox likewise;
- README.md has the commands and the exit codes of the help, and lines that the demo prints;
- docs/files.md has the columns, keys, reasons and files that runs write, and words of warnings that are in the sources;
- every line of a fence ```sh is run in a directory with lists, a token file and a sandbox (```sh history: with a history of
  40 days from 2026-06-01); it has to exit with 0, or as a comment behind it says: `# exits 4`. A line that starts a sandbox
  ends with &. A fence ```sh norun is not run;
- every viber-rollcall in a fence or a code span has only options that there are, and every make a target;
- every relative link leads to a file and a heading that there are.

Prints what is wrong and exits 1, or prints what it compared and exits 0. It proves itself first, on planted documents.
"""

import glob
import os
import re
import shlex
import sys

import docs_runs
import docs_text
from docs_text import Help, first_spans, section, table

README, OPTIONS, FILES = "README.md", "docs/options.md", "docs/files.md"
CHECKED = [README, "CONTRIBUTING.md", "docs/*.md"]
LINKED = CHECKED + ["CHANGELOG.md", "Tests/README.md", "reports/README.md"]
OPTION_ROW = "| option | default | environment variable | meaning |"
FIXED_FAULTS = ["http-CODE[:RETRY-AFTER]", "http-3XX[:LOCATION]", "status-CODE", "any"]
VARIABLE = "VIBER_ROLLCALL_"


def differences(what, documented, real, in_order=False):
    for name in documented:
        if documented.count(name) > 1:
            yield f"{what}: {name} is documented twice"
        if name not in real:
            yield f"{what}: {name} is documented, and there is no such thing"
    for name in real:
        if name not in documented:
            yield f"{what}: {name} is not documented"
    if in_order and sorted(documented) == sorted(real) and documented != list(real):
        yield f"{what}: documented in another order than {', '.join(real)}"


def options_of(rows):
    """Of each row of an option: name, short form, name of the value, default, variable."""
    for cell, default, variable, *_ in rows:
        match = re.fullmatch(r"`--([a-z-]+)(?: ([A-Z]+))?`(?:, `(-\w)`)?", cell)
        if match:
            yield match[1], match[3], match[2], default, variable.strip("`")


def check_options(text, root, helps):
    for command in root.commands():
        part = section(text, command)
        if part is None:
            yield f"{OPTIONS}: there is no section {command}"
            continue
        rows = table(part, OPTION_ROW)
        options = list(options_of(rows))
        help_ = helps[command]
        where = f"{OPTIONS}: {command}"
        yield from differences(where, ["--" + option[0] for option in options], ["--" + name for name in help_.options])
        arguments = [name for name in first_spans(rows) if not name.startswith("-")]
        yield from differences(where, arguments, help_.arguments)
        if len(options) + len(arguments) != len(rows):
            yield f"{where}: a row is neither an option nor an argument"
        for name, short, value, default, variable in options:
            if name not in help_.options:
                continue
            real = help_.options[name]
            if (short, value) != real[:2]:
                yield f"{where}: --{name} is documented with {short} {value}, and is {real[0]} {real[1]}"
            if (default.strip("`") != real[2]) if real[2] else "`" in default:
                yield f"{where}: --{name} has the default {real[2]}, and {default or 'none'} is documented"
            if variable not in ("", VARIABLE + name.upper().replace("-", "_")):
                yield f"{where}: --{name} is not set by {variable}"


def check_sandbox(text, help_):
    kinds = first_spans(table(section(text, "Faults"), "| kind | what goes wrong |"))
    yield from differences(f"{OPTIONS}: faults", kinds, FIXED_FAULTS + help_.faults())
    yield from (f"{OPTIONS}: the help has no {kind}" for kind in FIXED_FAULTS if kind not in help_.text)
    lists = docs_text.SPAN.findall((section(text, "Lists") or "").replace("`--list`", ""))
    yield from differences(f"{OPTIONS}: lists", lists, help_.lists())


def check_readme(text, root):
    commands = first_spans(table(section(text, "Commands"), "| command | what it does |"))
    yield from differences(f"{README}: commands", [name for name in commands if " " not in name], root.commands())
    codes = table(section(text, "Exit codes"), "| code | meaning |")
    written = [" ".join(code) for code in root.exit_codes()]
    yield from differences(f"{README}: exit codes", [" ".join(code) for code in codes], written, in_order=True)


def check_demo(text, printed):
    """What the demo prints stands in fences ```text."""
    for language, _, lines in docs_text.blocks(text):
        yield from (f"{README}: the demo does not print {line!r}" for line in lines if language == "text" and line not in printed)


def check_files(text, written):
    """`written`: what runs wrote, by the section that documents it."""
    for name, header in [(name, "column") for name in docs_runs.CSV_FILES] + [(name, "key") for name in docs_runs.JSON_FILES]:
        rows = first_spans(table(section(text, name), f"| {header} | meaning |"))
        yield from differences(f"{FILES}: {name}", rows, written[name], in_order=True)
    reasons = first_spans(table(section(text, "rejected.csv"), "| reason | the row |"))
    yield from differences(f"{FILES}: reasons", reasons, written["reasons"])
    tree = next((lines for language, _, lines in docs_text.blocks(text) if not language), [])
    yield from differences(f"{FILES}: the tree", [docs_runs.plain(line.split()[0]) for line in tree[1:]], written["tree"])


def check_warnings(text, sources):
    """`sources`: all text of the program, in which a string may go on after a line end."""
    sources = re.sub(r'"\s*\+\s*"', "", re.sub(r"\\\n\s*", "", sources))
    for row in table(section(text, "Warnings"), "| warning says | what to do |"):
        for words in docs_text.SPAN.findall(row[0]):
            if words not in sources:
                yield f"{FILES}: no warning says {words!r}"


def check_words(name, text, root, helps, targets):
    """The options of every viber-rollcall, and the targets of every make."""
    lines = [line for language, _, block in docs_text.blocks(text) if language == "sh" for line in docs_text.commands_of(block)]
    lines += [span for line in docs_text.prose(text) for span in docs_text.SPAN.findall(line)]
    for line in lines:
        for target in re.findall(r"(?:^|&& )make ([a-z-]+)", line):
            if target not in targets:
                yield f"{name}: {line!r}: there is no target {target}"
        try:
            calls = list(docs_text.invocations(line)) if "viber-rollcall" in line else []
        except ValueError:
            yield f"{name}: {line!r} cannot be read by a shell"
            continue
        for words in calls:
            command = next((word for word in words if word in helps), "snapshot")
            known = helps[command]
            flags = {"--" + option for option in known.options} | {short for short, *_ in known.options.values()}
            for word in words:
                if re.match(r"--?[a-z]", word) and word.split("=")[0] not in flags | {"--help", "-h", "--version"}:
                    yield f"{name}: {line!r}: {command} has no option {word}"


def check_links(documents, exists):
    """`documents`: the text of each by its path; `exists`: whether there is a file or folder at a path."""
    for name, text in documents.items():
        for link in docs_text.links(text):
            path, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:", link):
                continue
            target = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if not exists(target):
                yield f"{name}: {link} leads to nothing"
            elif anchor and target in documents and anchor not in docs_text.anchors(documents[target]):
                yield f"{name}: {link} leads to no heading"


def static_findings(documents, root, helps, targets, exists):
    yield from check_options(documents[OPTIONS], root, helps)
    yield from check_sandbox(documents[OPTIONS], helps["sandbox"])
    yield from check_readme(documents[README], root)
    for name, text in documents.items():
        yield from check_words(name, text, root, helps, targets)
    yield from check_links(documents, exists)


def read(folder, patterns):
    paths = sorted(path for pattern in patterns for path in glob.glob(os.path.join(folder, pattern), recursive=True))
    documents = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            documents[os.path.relpath(path, folder)] = file.read()
    return documents


def variables(text):
    """Whether the environment sets it, by command and name of the option, as documented."""
    commands = re.findall(r"(?m)^## ([a-z-]+)$", text)
    return {
        (command, name): bool(variable)
        for command in commands for name, _, _, _, variable in options_of(table(section(text, command), OPTION_ROW))
    }


def main():
    import docs_proofs
    proofs = docs_proofs.prove()
    if sys.argv[1:] == ["--prove"]:
        print(f"{proofs} proofs hold")
        return
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[2] if len(sys.argv) == 3 else os.path.dirname(os.path.dirname(here))
    documents = read(folder, CHECKED)
    root = Help(docs_runs.help_of(binary))
    helps = {command: Help(docs_runs.help_of(binary, command)) for command in root.commands()}
    with open(os.path.join(folder, "Makefile"), encoding="utf-8") as file:
        targets = {word for line in file if re.match(r"[a-z -]+:(?!=)", line) for word in shlex.split(line.partition(":")[0])}
    found = list(static_findings(documents, root, helps, targets, lambda path: os.path.exists(os.path.join(folder, path))))
    found += check_links({**read(folder, LINKED)}, lambda path: os.path.exists(os.path.join(folder, path)))
    sources = read(folder, ["Sources/**/*.swift"])
    found += check_warnings(documents[FILES], "\n".join(sources.values()))
    with docs_runs.Runs(binary) as runs:
        written = runs.written()
        found += check_files(documents[FILES], written)
        found += check_demo(documents[README], written["demo"])
        found += runs.other_columns(documents[OPTIONS])
        found += runs.variables(variables(documents[OPTIONS]))
        lines = 0
        for name, text in documents.items():
            for line, wrong in runs.lines(text):
                lines += 1
                if wrong:
                    found.append(f"{name}: {line!r} {wrong}")
    for line in dict.fromkeys(found):
        print(line)
    if found:
        sys.exit(1)
    options = sum(len(help_.options) for help_ in helps.values())
    print(f"{len(documents)} documents: {options} options, {lines} command lines run")


if __name__ == "__main__":
    main()
