#!/usr/bin/env python3
"""How long `sgflow batch` takes: on one core and on two, beside igzip over the same bytes.

    bench/batch.py [--lines 1000000] [--files 16] [--runs 3] [--program build/release/sgflow]
                   [--duckdb-python build/bench-venv/bin/python]

The records of bench/generate.py, in so many gzip files. igzip -d and igzip -1 (Debian's package
isal) do what sgflow cannot do without: inflate what comes in, deflate what goes out. Beside it,
bench/rivals.py has DuckDB and plain Python make the same lines; DuckDB's gzip is at its own level,
sgflow's and Python's at 1. The best run of each counts: what a run takes longer is the machine's
doing.
"""

import argparse
import gzip
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from bench_program import generated  # noqa: E402


def split(log: pathlib.Path, folder: pathlib.Path, count: int) -> None:
    """The log's lines in so many files, compressed as AWS does, with zlib."""
    lines = log.read_bytes().splitlines(keepends=True)
    size = -(-len(lines) // count)
    folder.mkdir()
    for number in range(count):
        part = b"".join(lines[number * size : (number + 1) * size])
        path = folder / f"{number:04}.log.gz"
        with open(path, "wb") as file:
            subprocess.run(["gzip", "-6", "-n"], input=part, stdout=file, check=True)


def run(command: list, cores: list[int], output=subprocess.DEVNULL) -> tuple[float, float, int]:
    """Wall and user seconds, and the peak of memory in KiB."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [str(word) for word in command], stdout=output, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )  # fmt: skip
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"bench: failed: {' '.join(map(str, command))}")
    return wall, usage.ru_utime, usage.ru_maxrss


def lines_of(folder: pathlib.Path, count: int | None = None):
    """All, or the first of each file."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".gz":
            with gzip.open(path) as file:
                yield from itertools.islice(file, count)


class Bench:
    def __init__(self, options, folder: pathlib.Path, inventory: pathlib.Path):
        self.options, self.folder, self.inventory = options, folder, inventory
        self.destination = folder / "out"
        self.cores = sorted(os.sched_getaffinity(0))

    def best(
        self, command: list, cores: int, output=None, runs: int | None = None
    ) -> tuple[float, float, int]:
        taken = []
        for _ in range(runs or self.options.runs):
            shutil.rmtree(self.destination, ignore_errors=True)
            with open(output or os.devnull, "wb") as sink:
                taken.append(run(command, self.cores[:cores], sink))
        walls, users, peaks = zip(*taken, strict=True)
        return min(walls), min(users), max(peaks)

    def batch(self, form: str, compress: str, cores: int) -> tuple[float, float, int]:
        command = [
            self.options.program, "batch", self.folder / "in", "--output", self.destination,
            "--inventory", self.inventory, "--record-format", "classic", "--format", form,
            "--compress", compress, "--quiet",
        ]  # fmt: skip
        return self.best(command, cores)

    def show(self, name: str, taken: tuple[float, float, int], note: str = "") -> None:
        wall, user, peak = taken
        print(
            f"{name:30} {self.options.lines / user:14,.0f} {user:8.3f} {wall:8.3f}"
            f" {peak / 1024:9.1f}  {note}"
        )

    def igzip(self) -> tuple[float, float]:
        """Wall and user seconds of inflating the inputs and deflating the outputs."""
        inputs, lines = self.folder / "all.gz", self.folder / "lines"
        with open(inputs, "wb") as joined:
            for path in sorted((self.folder / "in").iterdir()):
                joined.write(path.read_bytes())
        with open(lines, "wb") as joined:
            for path in sorted(self.destination.glob("*.jsonl.gz")):
                subprocess.run(["igzip", "-dc", path], stdout=joined, check=True)
        inflate = self.best(["igzip", "-dc", inputs], 1, self.folder / "inflated")
        deflate = self.best(["igzip", "-1", "-c", lines], 1, self.folder / "deflated")
        return inflate[0] + deflate[0], inflate[1] + deflate[1]

    def beside_rivals(self) -> None:
        """Of the classic output in gzip, which must say the same."""
        rivals = pathlib.Path(__file__).with_name("rivals.py")
        paths = [self.inventory, self.folder / "in", self.destination]
        python = self.best([sys.executable, rivals, "python", *paths], 1, runs=1)
        self.show("Python, gzip, 1 core", python)
        by_python = self.destination.rename(self.folder / "by-python")
        by_duckdb = None
        if self.options.duckdb_python.exists():
            for name, cores in (("none", 1), ("gzip", 1), ("gzip", 2)):
                command = [self.options.duckdb_python, rivals, "duckdb", *paths, cores, name]
                title = f"DuckDB, {name.replace('none', 'plain')}, {cores} core{'s' * (cores > 1)}"
                if cores <= len(self.cores):
                    self.show(title, self.best(command, cores))
            by_duckdb = self.destination.rename(self.folder / "by-duckdb")
        else:
            print("(no DuckDB here to compare with)")
        # Last, for it takes memory, which would be counted as that of what is started.
        self.batch("classic", "gzip", 1)
        expected = set(lines_of(self.destination))
        if set(lines_of(by_python)) != expected:
            sys.exit("bench: the lines of Python are not those of sgflow")
        # Its blanks are others.
        if (
            by_duckdb
            and not {
                json.dumps(json.loads(line)).encode() + b"\n" for line in lines_of(by_duckdb, 1000)
            }
            <= expected
        ):
            sys.exit("bench: the lines of DuckDB are not those of sgflow")

    def compare(self, form: str) -> None:
        self.show(f"{form}, plain, 1 core", self.batch(form, "none", 1))
        one = self.batch(form, "gzip", 1)
        if shutil.which("igzip"):
            wall, user = self.igzip()
            note = (
                f"igzip -d and -1: {wall:.3f} s, user {user:.3f} s;"
                f" x {one[0] / wall:.2f}, user x {one[1] / user:.2f}"
            )
        else:
            note = "(no igzip here to compare with)"
        self.show(f"{form}, gzip, 1 core", one, note)
        if len(self.cores) > 1:
            two = self.batch(form, "gzip", 2)
            self.show(f"{form}, gzip, 2 cores", two, f"{one[0] / two[0]:.2f} x as quick as one")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=16)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/sgflow")
    parser.add_argument(
        "--duckdb-python", type=pathlib.Path, default=ROOT / "build/bench-venv/bin/python"
    )
    options = parser.parse_args()
    data = generated(options.lines)
    folder = data / f"batch-{options.files}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    split(data / "flow.log", folder / "in", options.files)
    size = sum(path.stat().st_size for path in (folder / "in").iterdir())
    print(
        f"\nbatch: {options.lines:,} records, {size / 1e6:,.0f} MB of gzip in {options.files} files,"
        f" best of {options.runs} runs\n"
        f"{'':30} {'records/s user':>14} {'user s':>8} {'wall s':>8} {'peak MiB':>9}"
    )
    bench = Bench(options, folder, data / "inventory.json")
    for form in ("classic", "json"):
        bench.compare(form)
    bench.beside_rivals()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
