#!/usr/bin/env bash
# Runs the benchmarks of the parts, then those of the whole program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for program in build/release/bench/*_bench; do
  [[ ! -x $program ]] || "$program" --benchmark_counters_tabular=true
done
python3 scripts/bench_program.py
python3 bench/batch.py
python3 bench/warm_event.py
