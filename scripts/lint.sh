#!/usr/bin/env bash
# All checks that need no running program. Each one runs, whichever fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

failed=()
check() { # name, command...
  local name=$1 start=$SECONDS
  shift
  if "$@"; then
    echo "lint: $name: fine ($((SECONDS - start)) s)"
  else
    echo "lint: $name: FAILED"
    failed+=("$name")
  fi
}

mapfile -t cpp < <(git ls-files -- '*.cc' '*.h')
mapfile -t shell < <(git grep -lE '^(#!.*\b(bash|sh)$|# shellcheck shell=)' -- . ':!*.py')

check shellcheck shellcheck "${shell[@]}"
check rooms python3 scripts/check_rooms.py
check ruff build/venv/bin/ruff check --quiet .
check "ruff format" build/venv/bin/ruff format --quiet --check --diff .
if ((${#cpp[@]} > 0)); then
  check clang-format clang-format-19 --dry-run -Werror "${cpp[@]}"
fi
check tflint env PYTHONPATH=tests build/venv/bin/python -m servers.tflint deploy/terraform
check cfn-lint build/venv/bin/python tests/deploy/cfn_lint.py
check clang-tidy python3 scripts/tidy.py build/lint

if ((${#failed[@]} > 0)); then
  echo "lint: failed: ${failed[*]}"
  exit 1
fi
echo "lint: all fine"
