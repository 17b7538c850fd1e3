"""What people do in the output directory between two runs: edit, copy, remove, and create obstacles for the program."""

import os
import shutil
import subprocess

from lived_in_edits import edit
from lived_in_home import OWNER, below

# The number of occurrences of an act is its weight.
ACTS = ["nothing"] * 4 + ["edit"] * 6 + ["plant"] * 2 + [
    "cp -rL", "copy without links", "latest removed", "newest snapshot removed",
    "history.csv obstructed", "history.csv obstructed", "latest obstructed", "latest obstructed"]
# None is a directory, bytes a file, text the target of a link; a snapshot's name is appended to a target that ends with a slash.
OBSTACLES = {
    "history.csv": [None, b"day,visitors\n2026-01-01,12\n", b"PK\3\4\x14\0\0\0\x08\0" + bytes(range(256))],
    "latest": [None, b"see the wiki\n", "/nowhere/at/all", "../elsewhere/"],
}


class People:
    def __init__(self, home, draw):
        self.home, self.draw = home, draw
        # The content of history.csv while an obstacle is at its path.
        self.history = None

    def settle_in(self):
        """Copies snapshots elsewhere, and creates files with names similar to the program's in the directory."""
        home = self.home
        os.mkdir(home.elsewhere)
        for name in home.snapshots():
            shutil.copytree(home.path(name), f"{home.elsewhere}/{name}")
        for path in below(home.elsewhere):
            os.chown(path, OWNER, OWNER)
        home.plant("notes.txt", b"ask Ann\n")
        home.plant("history.csv.new", b"run_id\nnot yours\n")
        for name in ("latest.new", "report.html.new", "20200101T000000Z-zzzz", ".work/notes"):
            home.plant(name)
        home.plant(".work/20210101T000000Z-abcd", "../../elsewhere/" + home.snapshots()[0])

    def act(self, kind, number):
        """Does one act, and returns a description."""
        home, draw = self.home, self.draw
        home.remember()
        freed = [name for name in sorted(home.obstacles) if draw.random() < 0.5]
        for name in freed:
            self.clear(name)
        wanted = kind.split()[0]
        if kind in ("cp -rL", "copy without links"):
            self.copy(follows_links=kind == "cp -rL")
        elif kind == "latest removed" and "latest" not in home.obstacles and home.exists("latest"):
            home.remove("latest")
        elif kind == "newest snapshot removed" and home.complete_snapshots():
            home.remove(home.complete_snapshots()[-1])
        elif kind == "edit" and home.table():
            table = home.table()
            kind = edit(table, draw)
            table.save(home.path("history.csv"), has_last_end=draw.random() < 0.8)
        elif kind.endswith(" obstructed") and wanted not in home.obstacles:
            self.obstruct(wanted)
        elif kind == "plant":
            home.plant(*draw.choice([
                (f"mail-{number}.txt", b"hello\n"), (f"20200101T000000Z-{number:04}z", None), (f".work/notes-{number}", None),
                (f".work/20210101T000000Z-{number:04x}", "../../elsewhere/" + sorted(os.listdir(home.elsewhere))[-1])]))
        else:
            kind = "nothing"
        return ", ".join([name + " free again" for name in freed] + [kind])

    def obstruct(self, name):
        """Creates an obstacle at the path of history.csv or `latest`."""
        home = self.home
        if home.exists(name):
            if name == "history.csv":
                with open(home.path(name), "rb") as file:
                    self.history = file.read()
            home.remove(name)
        content = self.draw.choice(OBSTACLES[name])
        if content == "../elsewhere/":
            content += sorted(os.listdir(home.elsewhere))[0]
        home.plant(name, content)
        home.obstacles.add(name)

    def clear(self, name):
        """Removes an obstacle. In half of the cases the earlier history.csv is restored."""
        path = self.home.path(name)
        self.home.remove(name)
        if name == "history.csv" and self.history and self.draw.random() < 0.5:
            with open(path, "wb") as file:
                file.write(self.history)
            os.chmod(path, 0o640)
            os.chown(path, OWNER, OWNER)

    def copy(self, follows_links):
        """Replaces the directory by a copy in which links are replaced by their targets, or by one without links."""
        home, copy = self.home, self.home.folder + "/copy"
        links_in_work = {name: os.readlink(home.path(name)) for name in sorted(home.foreign)
                         if name.startswith(".work/2") and os.path.islink(home.path(name))}
        if follows_links:
            # cp reports dangling links and leaves them out.
            subprocess.run(["cp", "-rL", home.reports, copy], stderr=subprocess.DEVNULL)
        else:
            subprocess.run(["cp", "-a", home.reports, copy], check=True)
            for path in [path for path in below(copy) if os.path.islink(path)]:
                os.unlink(path)
        shutil.rmtree(home.reports)
        # Not a rename, since the two may be on different file systems.
        subprocess.run(["cp", "-a", copy, home.reports], check=True)
        shutil.rmtree(copy)
        if follows_links:
            subprocess.run(["chown", "-R", f"{OWNER}:{OWNER}", home.reports], check=True)
            if home.exists("latest"):
                home.foreign.add("latest")
                home.obstacles.add("latest")
        for name, target in links_in_work.items():
            home.foreign.discard(name)
            if follows_links and self.draw.random() < 0.3:
                home.doubtful.add(name)
                continue
            if follows_links:
                home.remove(name)
            home.plant(name, target)
