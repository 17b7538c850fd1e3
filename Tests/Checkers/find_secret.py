#!/usr/bin/env python3
"""Searches files for a secret in any form in which it could leak.

usage: find_secret.py SECRET PATH...

Looks at names and contents, compressed ones too, for the secret as it is, in base64, URL-escaped and JSON-escaped, whole
or the first half of it. Prints each place and exits 1, or prints how many files it read and exits 0.
"""

import base64
import gzip
import os
import sys
import urllib.parse


def forms(secret):
    yield secret.encode()
    yield secret[: len(secret) // 2].encode()
    for shift in range(3):
        # base64 of the secret behind 0, 1 or 2 other bytes, without the characters that the others reach into
        encoded = base64.b64encode(b"\0" * shift + secret.encode())
        yield encoded[4 if shift else 0 : -4]
    yield "".join(f"%{byte:02X}" for byte in secret.encode()).encode()
    yield urllib.parse.quote(secret).encode()
    yield "".join(f"\\u{ord(character):04x}" for character in secret).encode()
    yield secret.encode("utf-16-le")
    yield secret.encode().hex().encode()


def contents(path):
    with open(path, "rb") as file:
        raw = file.read()
    yield raw
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)


def main():
    secret, paths = sys.argv[1], sys.argv[2:]
    needles = set(forms(secret))
    found, read = [], 0
    for root in paths:
        files = [root] if os.path.isfile(root) else [
            os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names]
        for path in files:
            if os.path.islink(path):
                continue
            read += 1
            if secret in path:
                found.append(path + " (its name)")
            if any(needle in content for content in contents(path) for needle in needles):
                found.append(path)
    for place in found:
        print("found in", place)
    if found or read == 0:
        sys.exit(1)
    print(f"not found in {read} files")


main()
