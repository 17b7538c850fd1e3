#!/usr/bin/env python3
"""Searches files for a secret in any form in which it could leak.

usage: find_secret.py SECRET PATH... [--except PATH]...

Searches names, link targets and contents, also compressed ones, for the secret or its first half: plain, in base64, in hex
and in UTF-16, in upper or lower case, and with escapes of URLs, JSON, HTML, Swift and C, which may replace only some
characters and may be escaped themselves, up to three times. --except names a file that may hold the secret. Prints each
location and exits 1, or prints how many files it read and exits 0.
"""

import argparse
import base64
import os
import re
import stat
import sys
import zlib

# The escapes of ASCII characters, in lower case. In HTML the semicolon may be missing.
ESCAPE = re.compile(rb"""
    %([0-9a-f]{2})                          # %35
    | \\(?:x|u00)([0-9a-f]{2})              # \x35, \u0035
    | \\u\{0*([0-9a-f]{1,2})\}              # \u{35}
    | &[#]x0*([0-9a-f]{1,2})(?![0-9a-f]);?  # &#x35;
    | &[#]0*([0-9]{1,3})(?![0-9]);?         # &#53;
    | &(amp);                               # of &amp;#53;
    | \\([^a-z0-9])                         # \/, \\u0035
    """, re.VERBOSE)
ROUNDS = 3


def forms(secret):
    """The texts to search for after decoding escapes: the first half of each form, in lower case."""
    plain = secret.encode()
    wholes = [plain, plain.hex().encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")]
    for shift in range(3):
        # base64 of the secret behind 0, 1 or 2 other bytes, without the characters that the others reach into
        encoded = base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]
        wholes += [encoded, encoded.translate(bytes.maketrans(b"+/", b"-_"))]
    return {whole[: len(whole) // 2].lower() for whole in wholes}


def unescaped(match):
    *hexadecimal, decimal, ampersand, itself = match.groups()
    if ampersand or itself:
        return itself or b"&"
    code = int(decimal) if decimal else int(next(filter(None, hexadecimal)), 16)
    return bytes([code]).lower() if code < 128 else match[0]


def holds(content, needles):
    """Whether a text contains one of the forms after decoding escapes."""
    content = content.lower()
    for _ in range(ROUNDS):
        if any(needle in content for needle in needles):
            return True
        decoded = ESCAPE.sub(unescaped, content)
        if decoded == content:
            return False
        content = decoded
    return any(needle in content for needle in needles)


def inflated(raw):
    """The content of the gzip members, as far as they can be read."""
    content, at = [], 0
    while raw[at : at + 2] == b"\x1f\x8b":
        member = zlib.decompressobj(31)
        try:
            while at < len(raw) and not member.eof:
                piece = raw[at : at + 4096]
                content.append(member.decompress(piece))
                at += len(piece) - len(member.unused_data)
        except zlib.error:
            break
    return b"".join(content)


def entries(root):
    """Each file, link and directory at and below a path."""
    yield root
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            yield os.path.join(folder, name)


def search(secret, paths, exceptions=()):
    """The locations of the secret, and the number of files that were read."""
    needles = forms(secret)
    spared = {os.path.realpath(path) for path in exceptions}
    found, read = [], 0
    for path in (entry for root in paths for entry in entries(root)):
        if holds(os.fsencode(path), needles):
            found.append(f"{path} (its name)")
        try:
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode) and holds(os.fsencode(os.readlink(path)), needles):
                found.append(f"{path} (its target)")
            if not stat.S_ISREG(mode) or os.path.realpath(path) in spared:
                continue
            with open(path, "rb") as file:
                raw = file.read()
        except FileNotFoundError:
            continue  # a concurrent run has removed it
        read += 1
        if holds(raw, needles) or holds(inflated(raw), needles):
            found.append(path)
    return found, read


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("secret")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--except", action="append", default=[], dest="exceptions")
    options = parser.parse_args()
    found, read = search(options.secret, options.paths, options.exceptions)
    for location in found:
        print("found in", location)
    if found or read == 0:
        sys.exit(1)
    print(f"not found in {read} files")


if __name__ == "__main__":
    main()
