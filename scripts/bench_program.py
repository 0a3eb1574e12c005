#!/usr/bin/env python3
"""Times the whole program on a generated flow log, beside cat of what it writes.

    scripts/bench_program.py [--lines 1000000] [--runs 3] [--program build/release/sgflow]

The best run of each counts: what a run takes longer is the machine's doing."""

import argparse
import hashlib
import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GENERATOR = ROOT / "bench/generate.py"


def generated(lines: int) -> pathlib.Path:
    """The folder with inventory.json and flow.log, made once for a generator and a size."""
    key = hashlib.sha256(GENERATOR.read_bytes()).hexdigest()[:12]
    folder = ROOT / f"build/bench-data/{lines}-{key}"
    if not folder.exists():
        print(f"bench: generating {lines:,} records", flush=True)
        part = folder.with_suffix(".part")
        part.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, GENERATOR, part, "--lines", str(lines)], check=True)
        part.replace(folder)
    return folder


def run(command: list, output: pathlib.Path) -> tuple[float, float, int]:
    """Wall and user seconds, and the peak of memory in KiB."""
    with open(output, "wb") as sink:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=sink)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"bench: failed: {' '.join(map(str, command))}")
    return wall, usage.ru_utime, usage.ru_maxrss


def best(command: list, output: pathlib.Path, runs: int) -> tuple[float, float, int]:
    walls, users, peaks = zip(*(run(command, output) for _ in range(runs)), strict=True)
    return min(walls), min(users), max(peaks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build/release/sgflow")
    options = parser.parse_args()
    data = generated(options.lines)
    output, copy = data / "output", data / "copy"
    common = ["--record-format", "classic", "--inventory", data / "inventory.json"]
    print(f"\n{options.lines:,} records, best of {options.runs} runs")
    print(
        f"{'':8} {'records/s of user CPU':>22} {'user s':>8} {'wall s':>8} {'x cat':>6} {'peak MiB':>9}"
    )
    for form in ("classic", "json"):
        wall, user, peak = best(
            [options.program, "enrich", "--format", form, *common, data / "flow.log"],
            output,
            options.runs,
        )
        cat, _, _ = best(["cat", output], copy, options.runs)
        print(
            f"{form:8} {options.lines / user:22,.0f} {user:8.3f} {wall:8.3f} {wall / cat:6.2f}"
            f" {peak / 1024:9.1f}"
        )
        print(f"{'  cat':8} {'':22} {'':8} {cat:8.3f}   ({output.stat().st_size / 1e6:,.0f} MB)")
    output.unlink()
    copy.unlink()


if __name__ == "__main__":
    main()
