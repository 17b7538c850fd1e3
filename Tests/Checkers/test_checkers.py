#!/usr/bin/env python3
"""Tests the checkers of a run: they accept a sound run, and refuse every tampered copy of it, each for the right reason.

usage: test_checkers.py REPORTS

REPORTS is an output directory with one snapshot. In each copy one thing is wrong and everything that depends on it is adjusted,
so that only the check for it can find it. Prints each test that failed and exits 1, or prints how many there were and exits 0.
"""

import os
import sys
import tempfile

import run_litter_proofs  # noqa: F401 (it adds to run_proofs)
import run_proofs
import secret_proofs
import snapshot_directory_proofs  # noqa: F401 (it adds to snapshot_proofs)
import snapshot_proofs


def main():
    with tempfile.TemporaryDirectory() as directory:
        proofs = [
            *snapshot_proofs.prove(sys.argv[1], os.path.join(directory, "snapshots")),
            *run_proofs.prove(sys.argv[1], os.path.join(directory, "runs")),
            *secret_proofs.prove(os.path.join(directory, "secrets")),
        ]
    failed = [(name, findings) for holds, name, findings in proofs if not holds]
    for name, findings in failed:
        print(f"{name}: {findings}")
    if failed:
        sys.exit(1)
    print(f"{len(proofs)} proofs hold")


if __name__ == "__main__":
    main()
