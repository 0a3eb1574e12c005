#!/usr/bin/env bash
# Makes what is handed out, in build/package: for each of Lambda's architectures a zip with the
# program as `bootstrap` and its bill of materials, then shell completions and the man page.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $(uname -m) != x86_64 ]]; then
  echo "package: this builds on x86_64 alone, for it and for arm64" >&2
  exit 1
fi

package_for() { # Lambda's name of the architecture, the machine's, preset
  local name=sgflow-lambda-$1 machine=$2 preset=$3
  scripts/dependencies.sh --for "$machine"
  cmake --preset "$preset" -DSGFLOW_AWS=ON >"build/$preset.log"
  cmake --build --preset "$preset" --target sgflow
  python3 scripts/package/zip_bootstrap.py "build/$preset/sgflow" "$to/$name.zip"
  python3 scripts/package/bill_of_materials.py --build "build/$preset" --machine "$machine" \
    >"$to/$name.cdx.json"
}

to=build/package
mkdir -p "$to/completions"
package_for x86_64 x86_64 release
package_for arm64 aarch64 release-aarch64

sgflow=build/release/sgflow
"$sgflow" completion bash >"$to/completions/sgflow.bash"
"$sgflow" completion zsh >"$to/completions/_sgflow"
"$sgflow" completion fish >"$to/completions/sgflow.fish"
"$sgflow" manual >"$to/sgflow.1"
ls -l "$to"
