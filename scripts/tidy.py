#!/usr/bin/env python3
"""Runs clang-tidy over what a build folder's compile_commands.json names, in parallel.

A file that was clean is not looked at again until it, a header that it includes, its command or
.clang-tidy changes. What was clean is remembered by content, below the user's cache folder, so
another checkout of the same code knows it too."""

import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLANG, TIDY = "clang++-19", "clang-tidy-19"
CACHE = (
    pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    / "sgflow/clang-tidy"
)
# GCC's warnings are the build's to give.
EXTRA = ["-Wno-unknown-warning-option", "-Wno-error"]
# clang-tidy's own running count, of no use to a reader.
CHATTER = re.compile(
    r"^(\d+ warnings?.*generated|Suppressed \d+|Use -header-filter|\d+ warnings treated as errors)"
)


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def file_digest(path: str) -> str:
    try:
        return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    except OSError:
        return "absent"


def relative(text: str) -> str:
    return text.replace(f"{ROOT}/", "")


@functools.cache
def settings(folder: pathlib.Path) -> str:
    """The .clang-tidy files that hold for a folder."""
    folders = [folder, *folder.parents]
    return digest(*(file_digest(str(parent / ".clang-tidy")) for parent in folders))


class Unit:
    def __init__(self, entry: dict):
        self.folder = entry["directory"]
        self.file = str(pathlib.Path(self.folder, entry["file"]))
        self.name = relative(self.file)
        self.command = shlex.split(entry["command"])
        self.memory = CACHE / digest(self.name, relative(entry["command"]))
        self.key = digest(VERSION, file_digest(__file__), settings(pathlib.Path(self.file).parent))

    def is_known_clean(self) -> bool:
        try:
            known = json.loads(self.memory.read_text())
        except (OSError, ValueError):
            return False
        return known["key"] == self.key and all(
            file_digest(path) == content for path, content in known["files"].items()
        )

    def check(self) -> str:
        """What clang-tidy says; nothing where the file is clean."""
        before = {path: file_digest(path) for path in self.included()}
        extra = [f"--extra-arg={argument}" for argument in EXTRA]
        tidy = subprocess.run(
            [TIDY, "-p", sys.argv[1], "--quiet", *extra, self.file], capture_output=True, text=True
        )
        said = [
            line for line in (tidy.stdout + tidy.stderr).splitlines() if not CHATTER.match(line)
        ]
        if tidy.returncode == 0:
            CACHE.mkdir(parents=True, exist_ok=True)
            part = self.memory.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps({"key": self.key, "files": before}))
            part.replace(self.memory)
            return ""
        return "\n".join(said) or f"{self.name}: {TIDY} ended with {tidy.returncode}"

    def included(self) -> list[str]:
        output = self.command.index("-o")
        arguments = self.command[1:output] + self.command[output + 2 :]
        rule = subprocess.run(
            [CLANG, *arguments, *EXTRA, "-M", "-MT", "x"],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        names = rule.stdout.replace("\\\n", " ").split()[1:] or [self.file]
        return sorted({relative(os.path.normpath(os.path.join(self.folder, n))) for n in names})


def main() -> int:
    entries = json.loads(pathlib.Path(sys.argv[1], "compile_commands.json").read_text())
    units = [Unit(entry) for entry in entries]
    stale = [unit for unit in units if not unit.is_known_clean()]
    print(f"clang-tidy: {len(stale)} of {len(units)} files changed", flush=True)
    failed = 0
    said_before = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(Unit.check, stale):
            # One header's fault shows in each file that includes it: once is enough.
            if said and said not in said_before:
                print(said, flush=True)
                said_before.add(said)
            failed += bool(said)
    return 1 if failed else 0


VERSION = subprocess.run([TIDY, "--version"], capture_output=True, text=True).stdout

if __name__ == "__main__":
    sys.exit(main())
