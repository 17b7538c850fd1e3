"""What Markdown and help texts say: sections, tables, fenced command lines, links; options, commands, exit codes.

Pure functions of text, for check_docs.py.
"""

import re
import shlex

HEADING = re.compile(r"(#+) +(.*)")
FENCE = re.compile(r"```(.*)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`]+)`")
OPTION = re.compile(r"  (?:(-\w), )?--([a-z-]+)(?: <([^>]+)>)?(?:\s\s+(.*))?$")
ARGUMENT = re.compile(r"  <([a-z-]+)>\s\s+(.*)")
DEFAULT = re.compile(r"Default: (\S+)\.(?=\s|$)|\(default: ([^)]+)\)")
EVERYWHERE = {"version", "help"}


def prose(text):
    """The lines outside fenced blocks, and nothing for those within."""
    inside = False
    for line in text.splitlines():
        if FENCE.match(line):
            inside = not inside
            yield ""
        else:
            yield "" if inside else line


def section(text, title):
    """The lines under a heading, up to the next one of its level; None if there is no such heading."""
    found, level = None, 0
    for line, plain in zip(text.splitlines(), prose(text)):
        match = HEADING.match(plain)
        if match and found is not None and len(match[1]) <= level:
            return "\n".join(found)
        if match and found is None and match[2] == title:
            found, level = [], len(match[1])
        elif found is not None:
            found.append(line)
    return None if found is None else "\n".join(found)


def anchors(text):
    """What a link to a heading may be, by GitHub's rule."""
    return {
        re.sub(r"[^\w\- ]", "", match[2].lower()).replace(" ", "-")
        for match in map(HEADING.match, prose(text)) if match
    }


def links(text):
    return [target for line in prose(text) for target in LINK.findall(re.sub(r"`[^`]*`", "", line))]


def table(text, header):
    """The rows, as lists of cells, of all tables with this first line."""
    rows, inside = [], False
    for line in prose(text or ""):
        if line == header:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def first_spans(rows):
    """The text in backquotes that each row begins with; the whole cell where there is none."""
    return [(SPAN.match(row[0]) or [None, row[0]])[1] for row in rows]


def blocks(text):
    """Each fenced block: its language, its other words, its lines."""
    found, lines = None, []
    for line in text.splitlines():
        fence = FENCE.match(line)
        if fence and found is None:
            found, lines = fence[1].split() or [""], []
        elif fence:
            yield found[0], found[1:], lines
            found = None
        elif found is not None:
            lines.append(line)


def commands_of(lines):
    """The command lines of a block, with those that go on after a backslash put together."""
    text = "\n".join(lines).replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def invocations(line):
    """The arguments of each `viber-rollcall` in a command line."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split, lexer.commenters = True, "#"
    found = None
    for word in lexer:
        if word and not word.strip("|&;<>"):
            if found is not None:
                yield found
            found = None
        elif found is not None:
            found.append(word)
        elif word == "viber-rollcall" or word.endswith("/viber-rollcall"):
            found = []
    if found is not None:
        yield found


def exit_codes_of(line):
    """What a line may exit with: what a comment behind it says, else 0."""
    said = re.search(r"\s#.*?\bexits ([0-9]+(?: or [0-9]+)*)", line)
    return {int(code) for code in said[1].split(" or ")} if said else {0}


class Help:
    """What the help of a command says."""

    def __init__(self, text):
        self.text = text
        # By name: short form, name of the value, default.
        self.options, self.arguments = {}, []
        entries = []
        for line in text.splitlines():
            option, argument = OPTION.match(line), ARGUMENT.match(line)
            if option:
                entries.append([option[2], option[1], option[3], option[4] or ""])
            elif argument:
                self.arguments.append(argument[1].upper())
            elif entries and line.startswith("    "):
                entries[-1][3] += " " + line.strip()
            elif line and not line.startswith(" "):
                entries.append(["", None, None, ""])
        for name, short, value, words in entries:
            if name and name not in EVERYWHERE:
                standard = DEFAULT.search(words)
                self.options[name] = (short, value and value.upper(), standard and (standard[1] or standard[2]))

    def commands(self):
        part = self.text.partition("SUBCOMMANDS:")[2]
        return re.findall(r"(?m)^  ([a-z-]+)(?: \(default\))?  ", part)

    def exit_codes(self):
        part = self.text.partition("Exit codes:")[2].partition("USAGE:")[0]
        return [[code, words] for code, words in re.findall(r"(?m)^ +(\d+)  (.*)$", part)]

    def faults(self):
        part = self.text.partition("or one of these.")[2].partition("The token")[0]
        groups = re.findall(r"(?m)^[A-Z][\w ]*: (.*)\.$", part)
        return [kind for group in groups for kind in group.split(", ")]

    def lists(self):
        match = re.search(r"with one of these defects: ([^.]*)\.", self.text)
        return match[1].split(", ") if match else []
