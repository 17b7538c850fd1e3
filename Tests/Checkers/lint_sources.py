#!/usr/bin/env python3
"""Checks house rules that the compiler does not check: patterns that the sources, the manifest and the tests may not contain.

usage: lint_sources.py [ROOT]
       lint_sources.py --prove

Prints each finding and exits 1, or prints how many files it read and exits 0. It tests itself first, on planted lines.
"""

import os
import re
import sys

STRING = re.compile(r'(#*)("""|")')
INTEGER = re.compile(r"\bU?Int(?:8|16|32|64)?\((?!\s*(?:exactly|clamping|truncatingIfNeeded|bitPattern):)")
DOUBLE = re.compile(r"\bDouble\(|\.rounded\(|\d\.\d|\b(?:floor|ceil|round|trunc|pow|sqrt|log|exp)\(|\.timeInterval")
SLEEP = re.compile(r"(?<!func )\b\w*sleep\(")
REASON = re.compile(r"(?:^|\s)(?://+|#+)\s*\w+")

# Patterns that no code under Sources may contain.
FORBIDDEN = [
    (re.compile(r"\btry!"), "try! ends the program"),
    (re.compile(r"\bas!"), "as! ends the program"),
    (re.compile(r"(?<!\btry)(?<!\bas)(?<=[\w)\]}\"?>])!(?!=)"), "a forced unwrap ends the program"),
    (re.compile(r"\b(?:fatalError|preconditionFailure)\b"), "it ends the program; throw"),
    (re.compile(r"\bunowned\b"), "unowned ends the program when it is wrong; weak does not"),
    (re.compile(r"\buniqueKeysWithValues\b"), "a key that comes twice ends the program; use uniquingKeysWith"),
    (re.compile(r"(?<![\w.])print\("), "print does not notice a full disk; use StandardStream"),
]
INTERPOLATED = re.compile(r"\\#*\(\s*error\s*\)")
# Patterns that need a comment on the line above.
EXPLAINED = [
    (re.compile(r"@unchecked\s+Sendable"), "@unchecked Sendable without a comment above it that gives the reason"),
    (re.compile(r"String\((?:describing|reflecting):\s*error\s*\)"), "an error without a comment above that names its types"),
]
# The only file that may format errors of other libraries.
TRANSPORT = "Sources/HTTP/HTTPError+Transport.swift"


class Unreadable(Exception):
    """A string or a parenthesis that does not end, so the rest of the file was not checked."""


def code(text):
    """The text with comments and the content of strings blanked, except interpolations."""
    out, at = [], 0
    frames = [0]  # the end and escape of a string, or the depth of parentheses in code

    def take(length, blank=False):
        nonlocal at
        piece = text[at:at + length]
        out.append(re.sub(r"[^\n]", " ", piece) if blank else piece)
        at += length

    while at < len(text):
        if isinstance(frames[-1], tuple):
            end, escape = frames[-1]
            if text.startswith(end, at):
                take(len(end))
                frames.pop()
            elif text.startswith(escape + "(", at):
                take(len(escape) + 1)
                frames.append(0)
            elif text[at] == "\n" and not end.startswith('"""'):
                raise Unreadable
            else:
                take(len(escape) + 1 if text.startswith(escape, at) else 1, blank=True)
        elif text.startswith("//", at):
            take((text + "\n").index("\n", at) - at, blank=True)
        elif text.startswith("/*", at):
            take((text + "*/").index("*/", at) + 2 - at, blank=True)
        elif match := STRING.match(text, at):
            frames.append((match[2] + match[1], "\\" + match[1]))
            take(len(match[0]))
        elif text[at] == ")" and frames[-1] == 0 and len(frames) > 1:
            take(1)
            frames.pop()
        else:
            frames[-1] += {"(": 1, ")": -1}.get(text[at], 0)
            take(1)
    if frames != [0]:
        raise Unreadable
    return "".join(out)


def argument(text, start):
    """The text between the parenthesis that opens before `start` and the one that closes it."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]


def findings_in_source(path, text):
    bare, lines = code(text), text.split("\n")

    def line(match):
        return bare.count("\n", 0, match.start()) + 1
    for pattern, why in FORBIDDEN:
        yield from ((line(match), why) for match in pattern.finditer(bare))
    if path != TRANSPORT:
        for match in INTERPOLATED.finditer(bare):
            yield line(match), "an error of unknown type may hold the token; print the description of a known type"
    for match in INTEGER.finditer(bare):
        if DOUBLE.search(argument(bare, match.end())):
            yield line(match), "a Double that is not an integer in range ends the program; use exactly:"
    for pattern, why in EXPLAINED:
        for match in pattern.finditer(bare):
            above = line(match) - 2
            if above < 0 or not lines[above].lstrip().startswith("//"):
                yield line(match), why


def findings_in_manifest(text):
    bare = code(text)
    for match in re.finditer(r"\.package\(", bare):
        if not re.search(r"\bexact:", argument(bare, match.end())):
            yield bare.count("\n", 0, match.start()) + 1, "a dependency that is not pinned with exact:"


def findings_in_tests(text):
    for number, line in enumerate(text.split("\n"), 1):
        if SLEEP.search(line) and not REASON.search(line[SLEEP.search(line).end():]):
            yield number, "a test that sleeps; wait for an event, or give the reason in a comment after it"


def findings(path, text):
    try:
        if path == "Package.swift":
            return sorted(findings_in_manifest(text))
        if path.startswith("Sources/"):
            return sorted(findings_in_source(path, text))
        return sorted(findings_in_tests(text))
    except Unreadable:
        return [(1, "its strings and parentheses do not end as this program reads them")]


# For each file the lines that must be found, and lines that must not.

PLANTED = {
    "Sources/A/A.swift": (
        [
            "let a = try! b()", "let a = b as! C", "fatalError()", 'preconditionFailure("x")', "unowned let a: B",
            "Dictionary(uniqueKeysWithValues: a)", "final class A: @unchecked Sendable {}",
            "say(String(describing: error))", 'throw A("b: \\(error)")', 'throw A("""\n    b: \\( error )\n    """)',
            'throw A(#"b \\#(error)"#)', "let a = b!", "a!.b()", "a[1]!.c", "a()!", "a { $0 }!", "var a: B!",
            '"\\(a["b"]!)"', "f(a!, b)", "Int(a.rounded())", "UInt8(Double(a) * 2)", "Int(0.5 * a)",
            "UInt64((a * 1_000).rounded(.down))", "Int(floor(a))", "print(a)", "  print(a)", '"\\("\\(error)")"',
            'f(")", a!)', 'let a = "\\\\" + b!', "a!\n    .b()", 'let a = "b', "f(a",
            'let a = /"/\nlet b = "c" + d!',
        ],
        [
            "// try! fatalError() print(a) a!", "/* b! */", "/// `Int(a.rounded())` and \\(error)",
            '"a! try! print(b)"', "a != b", "if !a { !b }", "let a = !b",
            "// why\nfinal class A: @unchecked Sendable {}", "// whose\nsay(String(describing: error))",
            '"\\(error.description)"', '"\\(errors)"', '#"\\(error)"#', "Int(exactly: a.rounded())",
            "Int(clamping: b)", "Int(a.count) * 2", "Int(text) ?? 0.5", "let prints = blueprint(a)", "a.print(b)",
            '"""\n    a! "b" c!\n    """', "a ? !b : c", "#if !os(Linux)", "x.fatalErrors()", '"\\"a!"',
            "Double(Int(a))",
        ],
    ),
    TRANSPORT: (
        [
            "try! a()",
        ],
        [
            '"\\(error)"',
        ],
    ),
    "Package.swift": (
        [
            '.package(url: "https://a", from: "1.0.0"),', '.package(url: "https://a", branch: "main")',
            '.package(\n    url: "exact: a",\n    .upToNextMinor(from: "1.0.0"))', '.package(path: "../a")',
        ],
        [
            '.package(url: "https://a", exact: "1.0.0")', '.package(\n    url: "https://a",\n    exact: "1.0.0")',
            '.product(name: "A", package: "a")',
        ],
    ),
    "Tests/A/A.swift": (
        [
            "try await Task.sleep(for: .seconds(1))", "usleep(5)", "Thread.sleep(forTimeInterval: 1)",
            "  time.sleep(0.1)", "sleep(1) //", 'connect("http://a"); sleep(1)', "/* a */ sleep(1)",
            "asyncio.sleep(1)",
        ],
        [
            "try await Task.sleep(for: .seconds(1))  // until it is cancelled",
            "time.sleep(0.1)  # between two looks", "func sleep(until deadline: Instant) async throws {", "// asleep",
            "let sleeps = clock.sleeps",
        ],
    ),
}


def prove():
    count = 0
    for path, (bad, good) in PLANTED.items():
        for text in bad + good:
            found = findings(path, text)
            if len(found) != (text in bad):
                sys.exit(f"lint_sources.py is broken: in {path}, for\n{text}\nit finds {found}")
            count += 1
    return count


def files(root):
    yield "Package.swift"
    for top in ("Sources", "Tests"):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                if name.endswith(".swift") or (top == "Tests" and name.endswith(".py")):
                    yield path


def main():
    count = prove()
    if sys.argv[1:] == ["--prove"]:
        print(f"{count} proofs hold")
        return
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..")
    found, read = 0, 0
    for path in files(root):
        if os.path.samefile(os.path.join(root, path), __file__):
            continue  # it contains the planted lines
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        read += 1
        for line, why in findings(path, text):
            print(f"{path}:{line}: {why}")
            found += 1
    if found or read < 2:
        sys.exit(1)
    print(f"{read} files, no findings")


if __name__ == "__main__":
    main()
