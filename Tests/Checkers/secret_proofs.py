"""A secret in each form in which it may leak, all of which find_secret.py must find."""

import base64
import gzip
import os
import urllib.parse

import find_secret

SECRET = "5ec2e75ec2e75ec2-e75ec2e75ec2e75e-c2e75ec2e75ec2e7"
# Texts without the secret: almost its first half, and escapes of other characters or of none.
NOTHING = {
    "nothing": b"a5ec2e75ec2e75ec",
    "nothing, escaped": SECRET[:24].replace("c", r"\u0063").encode()
    + rb"%3 \u00 \u{} \x &#; &#x; &#256; &#x1F600; \u2028",
}


def spelled(escape, every=1, text=SECRET):
    """The secret with every character, or every second or third one, escaped."""
    return "".join(character if at % every else escape % ord(character) for at, character in enumerate(text)).encode()


def secrets():
    """Each form that a secret may take in a file, by name."""
    plain = SECRET.encode()
    yield "plain", b"X-Viber-Auth-Token: " + plain + b"\r\n"
    yield "first half", plain[:25] + b"..."
    for before in range(3):
        yield f"base64 behind {before}", base64.b64encode(b"\xff" * (3 + before) + plain + b"\xff")
        yield f"url-safe base64 behind {before}", base64.urlsafe_b64encode(b"\xff" * before + plain)
    yield "URL-escaped", urllib.parse.quote(SECRET, safe="").replace("-", "%2D").encode()
    yield "URL-escaped whole", spelled("%%%02x")
    yield "URL-escaped in part", spelled("%%%02x", every=2)
    yield "JSON-escaped", b'"' + spelled(r"\u%04x") + b'"'
    yield "JSON-escaped in part", b'"' + spelled(r"\u%04x", every=3) + b'"'
    yield "JSON-escaped in part, in capitals", b'"' + spelled(r"\u%04X", every=2) + b'"'
    yield "JSON-escaped by backslashes", plain.replace(b"-", rb"\-")
    yield "HTML references", spelled("&#%d;")
    yield "HTML references in part", spelled("&#%03d;", every=3)
    yield "HTML references in hex", spelled("&#x%x;")
    yield "HTML references in hex in part", spelled("&#X%04X;", every=2)
    yield "HTML references without semicolons", spelled("&#%d")
    yield "Swift escapes", spelled(r"\u{%x}")
    yield "Swift escapes in part", spelled(r"\u{%04X}", every=2)
    yield "C escapes", spelled(r"\x%02x")
    yield "C escapes in part", spelled(r"\x%02X", every=3)
    yield "upper case", b"https://" + plain.upper() + b".example/"
    yield "mixed case", SECRET.replace("ec2e", "Ec2E").encode()
    yield "upper case, JSON-escaped in part", spelled(r"\u%04x", every=2, text=SECRET.upper())
    yield "URL-escaped in JSON escapes", spelled(r"\u%04x", text=spelled("%%%02x").decode())
    yield "JSON-escaped in JSON escapes", spelled(r"\\u%04x", every=2)
    yield "URL-escaped three times", spelled("%%2525%02x", every=2)
    yield "HTML references in HTML", spelled("&amp;#%d;", every=2)
    yield "base64, URL-escaped", spelled("%%%02X", every=2, text=base64.b64encode(b":" + plain).decode())
    yield "half, JSON-escaped in part", spelled(r"\u%04x", every=2, text=SECRET[:25]) + "…".encode()
    yield "UTF-16", b"\xff\xfe" + SECRET.encode("utf-16-le")
    yield "UTF-16 the other way", SECRET.encode("utf-16-be")
    yield "hex", b"0x" + plain.hex().encode()
    yield "hex in capitals", plain.hex().upper().encode()
    yield "gzip", gzip.compress(b"x" * 9999 + plain)
    yield "second gzip member", gzip.compress(b"x") + gzip.compress(plain)
    yield "gzip without its end", gzip.compress(plain + os.urandom(9999))[:-200]


def prove(directory):
    def finds(place, found, read=1):
        result = find_secret.search(SECRET, [os.path.join(directory, place)], [os.path.join(directory, place, "token")])
        return len(result[0]) == found and result[1] == read, f"secret: {place}", result
    for name, content in [*NOTHING.items(), *secrets()]:
        os.makedirs(os.path.join(directory, name))
        with open(os.path.join(directory, name, "file"), "wb") as file:
            file.write(content)
        yield finds(name, 0 if name in NOTHING else 1)
    for name, make in (
        ("a file's name", lambda path: open(os.path.join(path, SECRET + ".log"), "x").close()),
        ("a directory's name", lambda path: os.mkdir(os.path.join(path, "x" + SECRET))),
        ("a name, escaped", lambda path: os.mkdir(os.path.join(path, spelled("%%%02x", every=2).decode()))),
        ("a link's name", lambda path: os.symlink("/", os.path.join(path, SECRET))),
        ("a link's target", lambda path: os.symlink("/" + SECRET, os.path.join(path, "link"))),
        ("a link's target, escaped", lambda path: os.symlink("?" + spelled("%%%02x").decode(), path + "/link")),
    ):
        os.mkdir(os.path.join(directory, name))
        make(os.path.join(directory, name))
        yield finds(name, 1, read=1 if name == "a file's name" else 0)
    os.mkdir(os.path.join(directory, "spared"))
    for name in ("token", "token2"):
        with open(os.path.join(directory, "spared", name), "w", encoding="ascii") as file:
            file.write(SECRET)
    os.mkfifo(os.path.join(directory, "spared", "pipe"))
    yield finds("spared", 1)
