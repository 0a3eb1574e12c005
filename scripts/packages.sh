#!/usr/bin/env bash
# Installs the Debian packages that a purpose needs and that are missing:
#   scripts/packages.sh build|cross|test|package-test|bench|lint|cache...
set -euo pipefail

packages=()
for purpose in "$@"; do
  case $purpose in
    build)
      packages+=(ca-certificates cmake dpkg-dev g++ make nasm ninja-build patch python3 python3-venv
        xz-utils libcli11-dev libfmt-dev libhiredis-dev libpugixml-dev libxxhash-dev)
      ;;
    cross) packages+=(g++-aarch64-linux-gnu) ;;
    test) packages+=(openssl python3 python3-venv redis-server redis-tools libgtest-dev librapidcheck-dev) ;;
    package-test) packages+=(fish groff qemu-user-static zsh) ;;
    bench) packages+=(isal libbenchmark-dev) ;;
    # Debian 12's default clang-tidy, 14, cannot read std::expected.
    lint) packages+=(clang-19 clang-format-19 clang-tidy-19 shellcheck) ;;
    cache) packages+=(ccache) ;;
    *)
      echo "packages: nothing is known of '$purpose'" >&2
      exit 2
      ;;
  esac
done

if ! command -v apt-get >/dev/null; then
  echo "packages: no apt-get here, so these are taken as installed: ${packages[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
((${#missing[@]} > 0)) || exit 0

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    printf 'packages: run this as root, then try again:\n  apt-get install %s\n' "${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi
echo "packages: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! {
  "${as_root[@]}" apt-get -q update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
      --no-install-recommends "${missing[@]}"
} >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi
