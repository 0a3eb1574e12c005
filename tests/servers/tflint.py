"""tflint, built once and kept in build/servers."""

import fcntl
import os
import pathlib
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
VERSION = "v0.64.0"
MODULE = f"github.com/terraform-linters/tflint@{VERSION}"
FOLDER = REPOSITORY / "build/servers" / f"tflint-{VERSION}"


def program() -> pathlib.Path:
    """Built when first asked for, by the Go that pip has brought; a minute or two."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FOLDER / "tflint").exists():
            go = pathlib.Path(sys.executable).parent / "go"
            environment = {**os.environ, "GOBIN": str(FOLDER), "GOTOOLCHAIN": "local"}
            subprocess.run([go, "install", MODULE], env=environment, check=True)
    return FOLDER / "tflint"
