"""The program against the oracle, on few pairs; `make oracle` takes 200,000."""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("SGFLOW_BINARY") or "build/release/sgflow"


def test_program_and_oracle_agree():
    compare = subprocess.run(
        [sys.executable, "tests/oracle/compare.py", "--binary", BINARY, "--pairs", "6000"]
        + ["--seed", "5", "--jobs", "2", "--also", "sg_nearest", "--also", "peer_interface_id"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert compare.returncode == 0, compare.stdout[-20000:] + compare.stderr
    assert "0 disagree" in compare.stdout
