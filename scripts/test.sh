#!/usr/bin/env bash
# Runs every test of one build: scripts/test.sh release|asan|debug
#
# Like any other target of make, one whose inputs are what they were is not made again: where all
# passed and nothing has changed since, the runners' last words are told once more. AGAIN=1 runs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=$1
passed=build/$preset/tests.passed
jobs=$(nproc)

# Everything that a test may read: all files but what is built and hidden, the programs, the Python
# packages, the real data, and what is set for tests.
inputs() {
  find . \( -path ./build -o -name '.?*' -o -name __pycache__ \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum
  find "build/$preset/sgflow" "build/$preset/tests" -type f -executable -print0 |
    sort -z | xargs -0 sha256sum
  sha256sum build/venv/stamp
  env | grep -E '^SGFLOW_' | sort || true
  if [[ -n ${SGFLOW_REAL_DATA:-} ]]; then
    find "$SGFLOW_REAL_DATA" -type f -printf '%p %s %T@\n' | sort
  fi
}

key=$(inputs | sha256sum)
if [[ -z ${AGAIN:-} && -f $passed && $(head -n 1 "$passed") == "$key" ]]; then
  echo "test: nothing has changed since all tests passed ($(date -r "$passed" '+%F %T'));" \
    "with AGAIN=1 they run all the same"
  tail -n +2 "$passed"
  exit 0
fi
rm -f "$passed"

logs=build/$preset/test-logs
mkdir -p "$logs"
failed=0
ctest --preset "$preset" -j "$jobs" 2>&1 | tee "$logs/ctest" || failed=1
# Many tests wait, for a server or for the end of a time: two at once for each core.
SGFLOW_BINARY=build/$preset/sgflow build/venv/bin/pytest -o cache_dir=build/pytest \
  -n $((2 * jobs)) tests 2>&1 | tee "$logs/pytest" || failed=1
((failed == 0)) || exit 1

{
  echo "$key"
  grep -hE '^[0-9]+% tests passed|^Total Test time' "$logs/ctest"
  tail -n 1 "$logs/pytest"
} >"$passed"
