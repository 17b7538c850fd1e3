"""A model of a disk after system calls of a run and a power loss: data that was not synced is lost."""

import os
import re


class Node:
    """A file, link or directory: its content, and the content that survives a power loss."""

    def __init__(self, held):
        self.held, self.kept = held, None

    def sync(self):
        self.kept = dict(self.held) if isinstance(self.held, dict) else bytes(self.held)

    @classmethod
    def read(cls, path):
        """Reads a path, whose content counts as synced."""
        if os.path.islink(path):
            return cls(os.readlink(path))
        if os.path.isdir(path):
            node = cls({name: cls.read(os.path.join(path, name)) for name in os.listdir(path)})
        else:
            with open(path, "rb") as file:
                node = cls(bytearray(file.read()))
        node.sync()
        return node

    def write(self, path, all_names):
        """Writes the state after a power loss."""
        if isinstance(self.held, str):
            os.symlink(self.held, path)
        elif isinstance(self.held, dict):
            os.mkdir(path, 0o750)
            for name, node in (self.held if all_names else self.kept or {}).items():
                node.write(os.path.join(path, name), all_names)
        else:
            with open(path, "wb") as file:
                file.write(self.kept or b"")
            os.chmod(path, 0o640)

    def everything(self):
        if isinstance(self.held, dict):
            return {name: node.everything() for name, node in self.held.items()}
        return self.held

    def facts(self, all_names):
        """The data that `write` writes, to compare disks."""
        if isinstance(self.held, dict):
            names = self.held if all_names else self.kept or {}
            return tuple(sorted((name, node.facts(all_names)) for name, node in names.items()))
        return self.held if isinstance(self.held, str) else self.kept or b""


def calls(trace):
    """The name, arguments and result of each successful call; strace splits concurrent calls of threads in two lines."""
    unfinished = {}
    with open(trace, encoding="utf-8") as file:
        for line in file:
            thread, _, text = line.rstrip("\n").partition(" ")
            text = text.strip()
            if text.endswith("<unfinished ...>"):
                unfinished[thread] = text.removesuffix("<unfinished ...>")
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
                text = unfinished.pop(thread) + resumed[1]
            if called := re.match(r"(\w+)\((.*)\)\s+= (\d+)", text):
                # Every string is in hex, so none contains the separator of the arguments.
                yield called[1], called[2].split(", "), int(called[3])


def decoded(text):
    return bytes.fromhex(re.search(r"((\\x[0-9a-f]{2})+)", text)[1].replace("\\x", "")) if "\\x" in text else b""


class Disk:
    def __init__(self, path):
        self.path, self.root = path, Node.read(path)

    def lookup(self, text):
        """The parent directory and the name of a path; None and None outside the disk."""
        path = os.path.normpath(decoded(text).decode())
        if not (path + "/").startswith(self.path + "/") or path == self.path:
            return (None, "") if path == self.path else (None, None)
        *folders, name = path[len(self.path) + 1:].split("/")
        node = self.root
        for folder in folders:
            node = node.held[folder]
        return node, name

    def node(self, text):
        parent, name = self.lookup(text)
        return self.root if name == "" else parent.held.get(name) if parent else None

    def apply(self, call, arguments, result):
        """Applies a call; returns whether it changes this disk."""
        if call == "openat":
            parent, name = self.lookup(arguments[1])
            if parent is None or "O_CREAT" not in arguments[2] or name in parent.held:
                return False
            parent.held[name] = Node(bytearray())
        elif call in ("rename", "link"):
            (source, old), (target, new) = map(self.lookup, arguments)
            if source is None:
                return False
            target.held[new] = source.held[old]
            if call == "rename":
                del source.held[old]
        elif call in ("unlink", "rmdir", "mkdir"):
            parent, name = self.lookup(arguments[0])
            if parent is None:
                return False
            if call == "mkdir":
                parent.held[name] = Node({})
            else:
                del parent.held[name]
        elif call == "symlink":
            parent, name = self.lookup(arguments[1])
            parent.held[name] = Node(decoded(arguments[0]).decode())
        else:
            node = self.node(arguments[0])
            if node is None:
                return False
            if call in ("fsync", "fdatasync"):
                node.sync()
            elif call == "pwrite64":
                data, offset = decoded(arguments[1]), int(arguments[3])
                assert len(data) >= result, (len(data), result)
                node.held.extend(bytes(max(offset - len(node.held), 0)))
                node.held[offset:offset + result] = data[:result]
            else:
                size = int(arguments[1]) if call == "ftruncate" else int(arguments[2]) + int(arguments[3])
                node.held.extend(bytes(max(size - len(node.held), 0)))
                if call == "ftruncate":
                    del node.held[size:]
        return True
