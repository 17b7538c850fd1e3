"""The output directory: its content, and which of it belongs to people and not to the program.

A portrait describes the files at some paths and below; two portraits show what changed between them.
"""

import collections
import hashlib
import os
import shutil
import stat

from lived_in_table import RUN, Table

OWNER = 65534

Facts = collections.namedtuple("Facts", ["mode", "uid", "gid", "content", "time"])


def below(path):
    """A path and all paths below it. Links are not followed."""
    if os.path.lexists(path):
        yield path
    if os.path.isdir(path) and not os.path.islink(path):
        for name in sorted(os.listdir(path)):
            yield from below(path + "/" + name)


def portrait(*paths):
    """The attributes of all files at some paths and below."""
    found = {}
    for path in (one for top in paths for one in below(top)):
        status, content = os.lstat(path), ""
        if stat.S_ISLNK(status.st_mode):
            content = os.readlink(path)
        elif stat.S_ISREG(status.st_mode):
            with open(path, "rb") as file:
                content = hashlib.sha256(file.read()).hexdigest()[:16]
        # The time of a directory changes when a file in it is created or removed.
        time = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
        found[path] = Facts(oct(status.st_mode), status.st_uid, status.st_gid, content, time)
    return found


def changes(before, after, facts):
    """A sentence for each path that was created or removed, and for each of the named attributes that changed."""
    yield from (f"{path} is gone" for path in before if path not in after)
    yield from (f"{path} is new" for path in after if path not in before)
    for path in sorted(before.keys() & after.keys()):
        for fact in facts:
            was, now = getattr(before[path], fact), getattr(after[path], fact)
            if was != now:
                yield f"{path}: {fact} {was} is now {now}"


class Home:
    """Files are named by their paths in the directory, such as `latest` or `.work/notes`."""

    def __init__(self, folder, draw):
        self.folder, self.draw, self.disk = folder, draw, folder + "/disk"
        self.reports, self.elsewhere = self.disk + "/reports", self.disk + "/elsewhere"
        # Files of people. No run may change them.
        self.foreign = set()
        # Those at paths that the program needs: `latest` and `history.csv`.
        self.obstacles = set()
        # Copies of snapshots in the work directory. They look like the program's own, so it may change them.
        self.doubtful = set()
        # The portrait of the files that no run may change.
        self.untouchable = {}
        os.mkdir(self.reports)
        os.chmod(self.reports, 0o755)
        os.chown(self.reports, OWNER, OWNER)

    def path(self, name):
        return f"{self.reports}/{name}"

    def exists(self, name):
        return os.path.lexists(self.path(name))

    def is_foreign(self, name):
        return any(name == one or name.startswith(one + "/") for one in self.foreign)

    def snapshots(self):
        """Names of all published snapshots."""
        return [name for name in sorted(os.listdir(self.reports)) if RUN.fullmatch(name)]

    def complete_snapshots(self):
        return [name for name in self.snapshots() if not name.endswith("-incomplete")]

    def table(self):
        """The current history.csv; None if there is none."""
        is_there = self.exists("history.csv") and "history.csv" not in self.obstacles
        return Table(self.path("history.csv")) if is_there else None

    def work(self):
        """Names of the program's files in the work directory, without the work directory itself."""
        names = os.listdir(self.path(".work")) if self.exists(".work") else []
        return {name for name in names if ".work/" + name not in self.foreign | self.doubtful}

    def unfinished(self):
        """Names of the runs that left work."""
        return {name for name in self.work() if RUN.fullmatch(name)}

    def plant(self, name, content=None):
        """Creates a file (bytes), a link (text) or a directory (None) that is not the program's."""
        path, owner = self.path(name), self.draw.choice([0, OWNER])
        if isinstance(content, str):
            os.symlink(content, path)
        elif content is None:
            os.mkdir(path, self.draw.choice([0o700, 0o755]))
        if not isinstance(content, str):
            with open(path if content else path + "/a file", "wb") as file:
                file.write(content or b"of somebody\n")
        for one in below(path):
            os.lchown(one, owner, owner)
        self.foreign.add(name)

    def remove(self, name):
        path = self.path(name)
        (shutil.rmtree if os.path.isdir(path) and not os.path.islink(path) else os.unlink)(path)
        self.foreign.discard(name)
        self.obstacles.discard(name)

    def untouchable_now(self):
        return portrait(self.elsewhere, *map(self.path, sorted(self.foreign)))

    def remember(self):
        """Records the files that no run may change."""
        self.foreign = {name for name in self.foreign if self.exists(name)}
        self.obstacles &= self.foreign
        self.untouchable = self.untouchable_now()
