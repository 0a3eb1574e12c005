"""Programs in Go that tests run, built once and kept in build/servers."""

import fcntl
import os
import pathlib
import subprocess
import sys

SERVERS = pathlib.Path(__file__).resolve().parent.parent.parent / "build/servers"


def go_program(package: str, version: str) -> pathlib.Path:
    """Built when first asked for, by the Go that pip has brought; a minute or two."""
    name = package.rpartition("/")[2]
    folder = SERVERS / f"{name}-{version}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name).exists():
            go = pathlib.Path(sys.executable).parent / "go"
            environment = {**os.environ, "GOBIN": str(folder), "GOTOOLCHAIN": "local"}
            subprocess.run([go, "install", f"{package}@{version}"], env=environment, check=True)
    return folder / name
