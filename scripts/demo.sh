#!/usr/bin/env bash
# What `make demo` shows once everything is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build/release/sgflow --version
