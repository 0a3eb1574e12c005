#!/usr/bin/env bash
# What `make demo` shows once everything is built: three records of the example, a summary, and
# the explanation of a refused connection.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sgflow=build/release/sgflow
enriched=build/demo.jsonl

say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
[[ -t 1 ]] || say() { printf '\n%s\n' "$1"; }

say "A database refuses an application server. The record, as AWS delivers it:"
sed -n 8p examples/flow.log

say "The same record, enriched (sgflow enrich --inventory examples/inventory.json examples/flow.log):"
"$sgflow" enrich --inventory examples/inventory.json --output "$enriched" --stats examples/flow.log \
  2>build/demo.summary
sed -n 7p "$enriched"

say "In the classic format of the earlier Python function:"
"$sgflow" enrich --inventory examples/inventory.json --format classic --output build/demo.classic \
  examples/flow.log 2>/dev/null
sed -n 7p build/demo.classic

say "All of it is in $enriched:"
cat build/demo.summary

say "Why the database refused, and what would change it (sgflow explain):"
"$sgflow" explain --inventory examples/inventory.json --file examples/flow.log --line 8

say "Who is who in the example: examples/README.md. Your own records: README.md."
