"""A secret in each form that it may leak in, for find_secret.py to find."""

import base64
import gzip
import os
import urllib.parse

import find_secret

SECRET = "5ec2e75ec2e75ec2-e75ec2e75ec2e75e-c2e75ec2e75ec2e7"


def secrets():
    """Each form that a secret may take in a file, by name."""
    plain = SECRET.encode()
    yield "plain", b"X-Viber-Auth-Token: " + plain + b"\r\n"
    yield "first half", plain[:25] + b"..."
    for before in range(3):
        yield f"base64 behind {before}", base64.b64encode(b"\xff" * (3 + before) + plain + b"\xff")
        yield f"url-safe base64 behind {before}", base64.urlsafe_b64encode(b"\xff" * before + plain)
    yield "URL-escaped", urllib.parse.quote(SECRET, safe="").replace("-", "%2D").encode()
    yield "URL-escaped whole", b"".join(b"%%%02x" % byte for byte in plain)
    yield "JSON-escaped", b'"' + b"".join(b"\\u%04x" % byte for byte in plain) + b'"'
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
    for name, content in [("nothing", b"a5ec2e75ec2e75ec"), *secrets()]:
        os.makedirs(os.path.join(directory, name))
        with open(os.path.join(directory, name, "file"), "wb") as file:
            file.write(content)
        yield finds(name, 0 if name == "nothing" else 1)
    for name, make in (
        ("a file's name", lambda path: open(os.path.join(path, SECRET + ".log"), "x").close()),
        ("a directory's name", lambda path: os.mkdir(os.path.join(path, "x" + SECRET))),
        ("a link's name", lambda path: os.symlink("/", os.path.join(path, SECRET))),
        ("a link's target", lambda path: os.symlink("/" + SECRET, os.path.join(path, "link"))),
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
