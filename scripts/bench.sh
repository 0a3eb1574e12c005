#!/usr/bin/env bash
# Runs the benchmarks of the parts, then those of the whole program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for program in build/release/bench/*_bench; do
  [[ ! -x $program ]] || "$program" --benchmark_counters_tabular=true
done
python3 scripts/bench_program.py

# What sgflow batch is held against; it goes without where that cannot be had.
venv=build/bench-venv
if [[ ! -e $venv/stamp ]]; then
  rm -rf "$venv"
  if python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement bench/requirements.txt; then
    touch "$venv/stamp"
  else
    rm -rf "$venv"
  fi
fi
python3 bench/batch.py
if [[ -e $venv/stamp ]]; then
  python3 bench/warm_event.py
else
  echo "(bench/warm_event.py is left out: Lambda's Python runtime is not to be had here)"
fi
