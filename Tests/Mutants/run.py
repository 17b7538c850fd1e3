#!/usr/bin/env python3
"""Breaks one line of the program at a time and sees whether a test turns red.

usage: run.py [--check] [NAME...]

Each patch in this directory breaks one thing. Its first line is `# what is broken`, the second `# tests: FILTER...`: the tests
that are run against it, of which one at least has to fail. With --check the patches are only applied and taken back, in a
second. Without, a copy of the tree is built under .build-mutants for each: the first build takes minutes, the others
less than one. Exits 1 if a patch does not apply, does not build, or survives.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCRATCH = os.path.join(ROOT, ".build-mutants")
TREE = os.path.join(SCRATCH, "tree")
TEST_SECONDS = 240


def patches(names):
    found = sorted(name[:-6] for name in os.listdir(HERE) if name.endswith(".patch"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"no such mutant: {', '.join(sorted(unknown))}")
    return names or found


def head(name):
    """What a patch breaks, and the test filters that should see it."""
    with open(os.path.join(HERE, name + ".patch"), encoding="utf-8") as file:
        what, tests = file.readline(), file.readline()
    if not what.startswith("# ") or not tests.startswith("# tests: "):
        sys.exit(f"{name}.patch does not begin with '# what' and '# tests: …'")
    return what[2:].strip(), tests[len("# tests: "):].split()


def copy_tree():
    """The files of the work tree, beside what was built of the last copy; only what changed is written."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True
    ).stdout.decode().split("\0")
    wanted = {name for name in listed if name and os.path.lexists(os.path.join(ROOT, name))}
    for folder, folders, names in os.walk(TREE):
        if folder == TREE:
            folders[:] = [name for name in folders if name != ".build"]
        for name in names:
            path = os.path.join(folder, name)
            if os.path.relpath(path, TREE) not in wanted and name != "Package.resolved":
                os.remove(path)
    for name in wanted:
        source, target = os.path.join(ROOT, name), os.path.join(TREE, name)
        if os.path.islink(source):
            continue
        with open(source, "rb") as file:
            content = file.read()
        if os.path.isfile(target):
            with open(target, "rb") as file:
                if file.read() == content:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        shutil.copymode(source, target)


def run(*command, **more):
    return subprocess.run(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)


def run_tests(filters):
    """The exit code and the output; a test that never ends is ended, with all that it started."""
    command = ["swift", "test", "--skip-build", *[word for one in filters for word in ("--filter", one)]]
    tests = subprocess.Popen(
        command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        output, _ = tests.communicate(timeout=TEST_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(tests.pid, signal.SIGKILL)
        output, _ = tests.communicate()
        return 1, output + "Test run with tests that did not end"
    return tests.returncode, output


def apply(name, *more):
    return subprocess.run(["git", "apply", *more, os.path.join(HERE, name + ".patch")], cwd=TREE, capture_output=True, text=True)


def tried(name):
    """None if a test turned red, else what went wrong."""
    _, filters = head(name)
    built = run("swift", "build", "--build-tests")
    if built.returncode != 0:
        errors = [line for line in built.stdout.splitlines() if "error:" in line]
        return "does not build: " + (errors or ["?"])[0]
    code, output = run_tests(filters)
    if "Test run with 0 tests" in output or "Test run with" not in output:
        return f"no test has the name {' or '.join(filters)}"
    return "survived" if code == 0 else None


def main():
    only_check = "--check" in sys.argv[1:]
    names = patches([name for name in sys.argv[1:] if name != "--check"])
    os.makedirs(TREE, exist_ok=True)
    copy_tree()
    if not os.path.isdir(os.path.join(TREE, ".git")):
        run("git", "init", "-q", check=True)  # so that patches are applied here and not to the tree around
    bad = 0
    for name in names:
        began = time.monotonic()
        what, _ = head(name)
        applied = apply(name)
        problem = "does not apply: " + applied.stderr.strip() if applied.returncode != 0 else None
        if problem is None:
            try:
                problem = None if only_check else tried(name)
            finally:
                apply(name, "--reverse")
        bad += problem is not None
        verdict = problem or ("applies" if only_check else "found")
        print(f"{name}: {what}: {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"{len(names) - bad} of {len(names)} mutants " + ("apply" if only_check else "were found"))
    sys.exit(1 if bad or not names else 0)


main()
