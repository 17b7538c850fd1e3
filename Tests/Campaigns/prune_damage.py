"""Damages the run directories of random histories on disk, for prune_histories.py."""

import calendar
import gzip
import hashlib
import json
import os
import re
import shutil
import time
import zlib

from prune_draw import DAY, stamp

SUMMARY, ROWS = "summary.json", "subscribers.csv.gz"


# Each damage takes (draw, path of a run directory, paths of all intact run directories) and returns a description.

def edit(path, change):
    """Changes the bytes of a file with a function."""
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(change(data))


def read_summary(path):
    """The summary, or {} if an earlier damage made it unreadable."""
    try:
        with open(os.path.join(path, SUMMARY), encoding="utf-8") as file:
            summary = json.load(file)
        return summary if isinstance(summary, dict) else {}
    except ValueError:
        return {}


def flip(draw, path, _all):
    place, bit = draw.random(), 1 << draw.randrange(8)
    edit(os.path.join(path, ROWS), lambda data: bytes(
        byte ^ bit if number == int(place * len(data)) else byte for number, byte in enumerate(data)))
    return "a bit of the rows flipped"


def cut_rows(draw, path, _all):
    part = draw.choice([0, 0.5, 0.98, draw.random() * 0.99])
    edit(os.path.join(path, ROWS), lambda data: data[:int(len(data) * part)])
    return f"the rows cut to {part:.2f} of their bytes"


def rows_gone(_draw, path, _all):
    os.remove(os.path.join(path, ROWS))
    return "the rows removed"


def swap_rows(draw, path, others):
    sizes = {other: read_summary(other).get("counts") for other in others}
    alike = [other for other in others if other != path and sizes[other] == sizes[path]]
    other = draw.choice(alike or [each for each in others if each != path] or [path])
    if other != path:
        os.rename(path + "/" + ROWS, path + "/swap")
        os.rename(other + "/" + ROWS, path + "/" + ROWS)
        os.rename(path + "/swap", other + "/" + ROWS)
    return f"the rows swapped with those of {os.path.basename(other)}" + (" of equal counts" if alike else "")


def other_rows(draw, path, _all):
    """Rows with the right checksum that do not match the counts, or cannot be read to the end."""
    with open(os.path.join(path, ROWS), "rb") as file:
        packed = file.read()
    try:
        lines = gzip.decompress(packed).decode().splitlines(keepends=True)
    except (OSError, EOFError, ValueError, zlib.error):
        return "nothing, since the rows are no more"
    ways = ["cut"] + (["fewer", "turned"] if any(",4,unavailable," in line for line in lines) else [])
    way = draw.choice(ways)
    place = next((number for number, line in enumerate(lines) if ",4,unavailable," in line), 0)
    if way == "fewer":
        del lines[place]
    elif way == "turned":
        lines[place] = lines[place].replace(",4,unavailable,", ",0,online,")
    packed = packed[:-12] if way == "cut" else gzip.compress("".join(lines).encode(), 1, mtime=0)
    summary = read_summary(path)
    if "files" not in summary:
        return "nothing, since the summary is no more"
    summary["files"][0].update(bytes=len(packed), sha256=hashlib.sha256(packed).hexdigest())
    edit(os.path.join(path, ROWS), lambda data: packed)
    edit(os.path.join(path, SUMMARY), lambda data: json.dumps(summary).encode())
    return f"rows ({way}) with the right sum that are not those of the counts"


def summary_gone(_draw, path, _all):
    os.remove(os.path.join(path, SUMMARY))
    return "the summary removed"


def cut_summary(draw, path, _all):
    part = draw.random() * 0.99
    edit(os.path.join(path, SUMMARY), lambda data: data[:int(len(data) * part)])
    return f"the summary cut to {part:.2f} of its bytes"


def no_summary(draw, path, _all):
    content = draw.choice([b"hello", b"[]", b"null", b"\xff\xfe", b"{}", None])
    edit(os.path.join(path, SUMMARY),
         lambda data: data.replace(b"snapshot/1", b"snapshot/9") if content is None else content)
    return f"the summary is {content or 'of another schema'}"


def file_instead(_draw, path, _all):
    shutil.rmtree(path)
    with open(path, "w", encoding="utf-8") as file:
        file.write("x")
    return "a file instead of the directory"


def elsewhen(draw, path, others):
    """The path of a run directory of another time: older or newer than all, between, or of the same second."""
    if draw.random() < 0.15:
        return os.path.join(os.path.dirname(path), os.path.basename(path)[:17] + draw.choice(["0000", "ffff"]))
    begin = os.path.basename(draw.choice([min(others), max(others), path]))
    days = draw.choice([-100, -20, -3, 3, 20, 100]) + draw.random()
    when = calendar.timegm(time.strptime(begin[:16], "%Y%m%dT%H%M%SZ")) + int(days * DAY)
    return os.path.join(os.path.dirname(path), f"{stamp(when)}-{draw.choice(['c0c0', begin[17:21]])}")


def copied(draw, path, others):
    """Copies the run to a new name, or over another run."""
    other = draw.choice(others) if draw.random() < 0.4 else elsewhen(draw, path, others)
    if other == path:
        other = elsewhen(draw, path, others)
    if os.path.exists(other):
        shutil.rmtree(other)
    shutil.copytree(path, other)
    return f"a copy of it as {os.path.basename(other)}"


def twice(draw, path, _all):
    """Makes both ID and ID-incomplete exist, sometimes with another exit code."""
    twin = path[:-len("-incomplete")] if path.endswith("-incomplete") else path + "-incomplete"
    if not os.path.exists(twin):
        shutil.copytree(path, twin)
        if draw.random() < 0.5:
            edit(os.path.join(twin, SUMMARY), lambda data: data.replace(b'"exit_code": 0', b'"exit_code": 3'))
    return f"also there as {os.path.basename(twin)}"


def renamed(draw, path, others):
    other = elsewhen(draw, path, others)
    os.rename(path, other)
    return f"renamed to {os.path.basename(other)}"


def backup(draw, path, _all):
    """Copies or moves the run to a name that must be ignored."""
    name = draw.choice(["{}.bak", "{} (copy)", "old-{}", "{}-incomplete.bak", "{}-incomplete-incomplete", ".{}", "{}~"])
    ignored = os.path.join(os.path.dirname(path), name.format(os.path.basename(path)[:21]))
    if not os.path.exists(ignored):
        shutil.copytree(path, ignored)
        if draw.random() < 0.3:
            os.remove(os.path.join(ignored, SUMMARY))
        if draw.random() < 0.3:
            shutil.rmtree(path)
    return f"also there, or only, as {os.path.basename(ignored)}"


def all_gone(draw, path, others):
    """Leaves only names that are not runs. Rare, since no run is left."""
    if draw.random() < 0.8:
        return backup(draw, path, others)
    for other in others:
        os.rename(other, other + ".bak")
    return "and all others: now called .bak"


def whole(output):
    """The paths of the run directories that have both files."""
    names = [name for name in os.listdir(output) if re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{4}(-incomplete)?", name)]
    paths = [os.path.join(output, name) for name in sorted(names)]
    return [path for path in paths if all(os.path.isfile(os.path.join(path, name)) for name in (SUMMARY, ROWS))]


DAMAGE = [flip, flip, cut_rows, rows_gone, swap_rows, swap_rows, other_rows, summary_gone, cut_summary, no_summary,
          file_instead, copied, copied, twice, twice, renamed, renamed, backup, all_gone]
