#!/usr/bin/env python3
"""Searches files for a secret in any form in which it could leak.

usage: find_secret.py SECRET PATH... [--except PATH]...

Looks at names, link targets and contents, compressed ones too, for the secret as it is, or the first half of it, in base64,
URL- and JSON-escaped, in UTF-16 and in hex. A file that is meant to hold it is named with --except. Prints each place and
exits 1, or prints how many files it read and exits 0.
"""

import argparse
import base64
import os
import stat
import sys
import urllib.parse
import zlib


def forms(secret):
    plain = secret.encode()
    yield plain
    yield plain[: len(plain) // 2]
    for shift in range(3):
        # base64 of the secret behind 0, 1 or 2 other bytes, without the characters that the others reach into
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield encoded[4 if shift else 0 : -4]
        yield encoded[4 if shift else 0 : -4].translate(bytes.maketrans(b"+/", b"-_"))
    yield "".join(f"%{byte:02X}" for byte in plain).encode()
    yield "".join(f"%{byte:02x}" for byte in plain).encode()
    yield urllib.parse.quote(secret, safe="").encode()
    # by those who let only letters and digits through
    yield "".join(chr(byte) if chr(byte).isalnum() else f"%{byte:02X}" for byte in plain).encode()
    yield "".join(f"\\u{ord(character):04x}" for character in secret).encode()
    yield "".join(f"\\u{ord(character):04X}" for character in secret).encode()
    yield secret.encode("utf-16-le")
    yield secret.encode("utf-16-be")
    yield plain.hex().encode()
    yield plain.hex().upper().encode()


def inflated(raw):
    """What the gzip members hold, as far as they can be read."""
    content = b""
    while raw[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(31)
        try:
            while raw and not member.eof:
                content += member.decompress(raw[:4096])
                raw = member.unused_data + raw[4096:]
        except zlib.error:
            break
    return content


def entries(root):
    """Each file, link and directory at and below a path."""
    yield root
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            yield os.path.join(folder, name)


def search(secret, paths, exceptions=()):
    """The places where the secret is, and how many files were read."""
    needles = set(forms(secret))
    spared = {os.path.realpath(path) for path in exceptions}
    found, read = [], 0
    for path in (entry for root in paths for entry in entries(root)):
        if any(needle in os.fsencode(path) for needle in needles):
            found.append(f"{path} (its name)")
        try:
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode) and any(needle in os.fsencode(os.readlink(path)) for needle in needles):
                found.append(f"{path} (its target)")
            if not stat.S_ISREG(mode) or os.path.realpath(path) in spared:
                continue
            with open(path, "rb") as file:
                raw = file.read()
        except FileNotFoundError:
            continue  # another run that is under way has removed it
        read += 1
        if any(needle in content for content in (raw, inflated(raw)) for needle in needles):
            found.append(path)
    return found, read


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("secret")
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--except", action="append", default=[], dest="exceptions")
    options = parser.parse_args()
    found, read = search(options.secret, options.paths, options.exceptions)
    for place in found:
        print("found in", place)
    if found or read == 0:
        sys.exit(1)
    print(f"not found in {read} files")


if __name__ == "__main__":
    main()
