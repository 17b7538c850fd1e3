#!/usr/bin/env python3
"""Checks the architecture: the imports of the modules, and the layout of folders and files.

usage: check_structure.py [ROOT]

Reads Package.swift with `swift package dump-package`, and tests itself first, on planted packages. Prints the findings and
exits 1, or prints what it read and exits 0:

- a module declares only the dependencies in ARROWS, and imports exactly the modules that it declares;
- a product of another package is imported only by the modules named in PRODUCTS;
- tests import only what they declare;
- no file has more than 250 lines, and none is a symbolic link;
- a module of more than a dozen files has folders.
"""

import json
import os
import re
import subprocess
import sys

CORE = {"Model", "Formats", "Files"}
BELOW_STAGES = CORE | {"Journal"}

# The modules that each module may import.
ARROWS = {
    "Formats": set(),
    "Model": {"Formats"},
    "Files": {"Formats", "CZlib"},
    "Journal": CORE,
    "HTTP": set(),
    "ViberAPI": {"HTTP"} | BELOW_STAGES,
    "Subscribers": BELOW_STAGES,
    "RollCall": BELOW_STAGES,
    "Snapshots": BELOW_STAGES,
    "History": BELOW_STAGES,
    "Sandbox": BELOW_STAGES,
    "Audit": {"Snapshots", "History"} | BELOW_STAGES,
    "Report": {"Audit"} | BELOW_STAGES,
    "SnapshotJob": {"Subscribers", "ViberAPI", "HTTP", "RollCall", "Snapshots", "History"} | BELOW_STAGES,
    "HistoryJobs": {"Snapshots", "History", "Audit", "Report"} | BELOW_STAGES,
    # It parses, prints and exits; the work of a run is in the modules below.
    "viber-rollcall": {"SnapshotJob", "HistoryJobs", "Subscribers", "ViberAPI", "HTTP", "Snapshots", "Audit", "Sandbox"} | CORE,
}

# The modules that import a product of another package. Loggers are passed as arguments, so SnapshotJob names their type.
PRODUCTS = {
    "ArgumentParser": {"viber-rollcall"},
    "UnixSignals": {"viber-rollcall"},
    "Logging": {"viber-rollcall", "SnapshotJob"},
    "GRDB": {"Subscribers"},
    "GRDBSQLite": {"Subscribers"},
    "NIOCore": {"HTTP", "Sandbox"},
    "NIOPosix": {"HTTP", "Sandbox"},
    "NIOHTTP1": {"HTTP", "Sandbox"},
    "NIOTLS": {"HTTP"},
    "NIOSSL": {"HTTP", "Sandbox"},
    "Mustache": {"Report"},
    "Crypto": {"Files"},
    "SystemPackage": {"Files", "TestSupport"},
    "Subprocess": {"TestSupport"},
}

# Modules of the toolchain.
SYSTEM = {"Foundation", "Glibc", "Dispatch", "Synchronization", "Testing"}

LINES = 250
FILES = 12
IMPORT = re.compile(r"^(?:@\w+ )*(?:package |public |internal |fileprivate |private )?import (?:enum |struct |class |func )?(\w+)", re.MULTILINE)


def dependencies(target):
    return {(one.get("byName") or one.get("product") or one.get("target"))[0] for one in target["dependencies"]}


def files_of_code(folder, suffixes=(".swift", ".py", ".mustache", ".css")):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            # `layout` reports symbolic links.
            if name.endswith(suffixes) and not os.path.islink(path):
                yield path


def imports(folder, modules):
    """The imported modules by their names in the manifest: the module viber_rollcall is `viber-rollcall` there."""
    named = {name.replace("-", "_"): name for name in modules}
    found = set()
    for path in files_of_code(folder, (".swift",)):
        with open(path, encoding="utf-8") as file:
            found |= {named.get(name, name) for name in IMPORT.findall(file.read())}
    return found - SYSTEM


def arrows(package, used_by):
    """Findings about imports; `used_by` returns the imports of the files of a folder."""
    targets = [target for target in package["targets"] if target["type"] != "system"]
    modules = {target["name"] for target in package["targets"]}
    for target in targets:
        name, declared = target["name"], dependencies(target)
        folder = target.get("path") or ("Tests/" if target["type"] == "test" else "Sources/") + name
        used = used_by(folder, modules)
        for one in sorted(used - declared):
            yield f"{folder} imports {one}, which Package.swift does not declare"
        for product in sorted(declared - modules):
            if target["type"] != "test" and name not in PRODUCTS.get(product, set()):
                yield f"{name} declares the product {product}, which another module owns"
        if target["type"] == "test" or name == "TestSupport":
            continue
        for one in sorted(declared - used):
            yield f"Package.swift declares that {name} uses {one}, which it does not import"
        for one in sorted(declared & modules - ARROWS.get(name, modules)):
            yield f"{name} imports {one}, which the architecture does not allow"


def prove():
    """Checks that each kind of finding is found, and none in a correct package."""
    def target(name, *needs, type="regular"):
        return {"name": name, "type": type, "dependencies": [{"byName": [one, None]} for one in needs]}

    def found(targets, used):
        return list(arrows({"targets": targets}, lambda folder, _: set(used.get(folder, ()))))

    sound = [target("Formats"), target("Model", "Formats"), target("HTTP", "NIOCore"), target("ModelTests", "Model", type="test")]
    uses = {"Sources/Model": {"Formats"}, "Sources/HTTP": {"NIOCore"}, "Tests/ModelTests": {"Model"}}
    planted = [
        (sound, uses, 0),
        (sound, {**uses, "Sources/HTTP": {"NIOCore", "Model"}}, 1),  # imported and not declared
        (sound, {**uses, "Sources/Model": set()}, 1),  # declared and not imported
        (sound, {**uses, "Tests/ModelTests": {"Formats"}}, 1),
        (sound + [target("Model2", "NIOCore")], {**uses, "Sources/Model2": {"NIOCore"}}, 1),  # another's product
        (sound[:2] + [target("HTTP", "Model")], {**uses, "Sources/HTTP": {"Model"}}, 1),  # no such arrow
    ]
    for number, (targets, used, count) in enumerate(planted):
        if len(found(targets, used)) != count:
            sys.exit(f"check_structure.py is broken: planted package {number} has {found(targets, used)}")


def layout(root):
    """Findings about folders and files."""
    for top in ("Sources", "Tests", "Benchmarks"):
        for place, folders, names in os.walk(os.path.join(root, top)):
            for name in folders + names:
                path = os.path.join(place, name)
                if os.path.islink(path):
                    yield f"{os.path.relpath(path, root)} is a symbolic link"
        for path in files_of_code(os.path.join(root, top)):
            with open(path, encoding="utf-8") as file:
                lines = sum(1 for _ in file)
            if lines > LINES:
                yield f"{os.path.relpath(path, root)} has {lines} lines, more than {LINES}"
    for module in sorted(os.listdir(os.path.join(root, "Sources"))):
        folder = os.path.join(root, "Sources", module)
        here = [name for name in os.listdir(folder) if name.endswith(".swift")]
        if len(here) > FILES:
            yield f"Sources/{module} has {len(here)} files without a folder, more than {FILES}"


def main():
    prove()
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    described = subprocess.run(
        ["swift", "package", "dump-package"], cwd=root, check=True, stdout=subprocess.PIPE).stdout
    package = json.loads(described)
    found = list(arrows(package, lambda folder, modules: imports(os.path.join(root, folder), modules))) + list(layout(root))
    for finding in found:
        print(finding)
    if not found:
        print(f"{len(package['targets'])} targets import what the architecture says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
