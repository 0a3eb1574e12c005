#!/usr/bin/env bash
# Builds the libraries that Debian has no static form of, once per architecture:
#   scripts/dependencies.sh [--for ARCHITECTURE] [STAGE...]
# into build/deps/<architecture>/<stage>. What a stage holds stands in scripts/dependencies/<stage>.sh;
# without one all are built: base and aws and, for another architecture than this machine's, debian.
#
# The sources come from where apt and pip are set up to take packages from. That set-up is read,
# never changed. Each file is checked against its pinned checksum. Where another version is offered:
#   SGFLOW_ANY_VERSION=1 make dependencies
# takes it, with no other check than apt's signatures.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
architecture=$(uname -m)
if [[ ${1:-} == --for ]]; then
  architecture=$2
  shift 2
fi
cross=()
[[ $architecture == "$(uname -m)" ]] || cross=("-DCMAKE_TOOLCHAIN_FILE=$root/cmake/$architecture.cmake")
any_version=${SGFLOW_ANY_VERSION:-0}

# ccache would make paths relative, and -ffile-prefix-map then no longer finds them: __FILE__, which
# these libraries use, would tell with ccache from without.
export CCACHE_BASEDIR='' CCACHE_NOHASHDIR=1

say() { printf 'dependencies: %s\n' "$*" >&2; }

fail() {
  say "$1"
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

need() { # command, the package that has it
  command -v "$1" >/dev/null || fail "$1 is missing." "apt-get install $2"
}

other_version() { # name, offered by, found, wanted
  fail "$2 offers $1 ${3:-in no version at all}; sgflow is built and tested with $4." \
    "To take what $2 offers, without a pinned checksum: SGFLOW_ANY_VERSION=1 make dependencies" \
    "To bring $1 in your own way: CMake meets it through find_package (CMAKE_PREFIX_PATH)."
}

# pip wants an sdist's metadata before it hands the file over, and would install and run the build
# backend for that. This backend answers in its place, so nothing from the sdist runs.
stub_backend() {
  mkdir -p "$work/backend/setuptools"
  touch "$work/backend/setuptools/__init__.py"
  cat >"$work/backend/setuptools/build_meta.py" <<'PYTHON'
import os
import re


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    with open("PKG-INFO", encoding="utf-8") as info:
        text = info.read()
    name, version = (
        re.search(rf"^{key}: (\S+)$", text, re.MULTILINE).group(1) for key in ("Name", "Version")
    )
    folder = f"{name}-{version}.dist-info"
    os.mkdir(os.path.join(directory, folder))
    with open(os.path.join(directory, folder, "METADATA"), "w", encoding="utf-8") as metadata:
        metadata.write(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder


def build_wheel(*_):
    raise NotImplementedError
PYTHON
}

# apt's own sources, with deb turned into the wanted kind and with lists and caches of their own: the
# system's stay as they are, and no root is needed.
prepare_apt() { # deb-src, or deb and the architectures
  local kind=$1 wanted
  shift
  need apt-get apt
  local list parts file
  local SOURCE_LIST=/etc/apt/sources.list SOURCE_PARTS=/etc/apt/sources.list.d
  eval "$(apt-config shell SOURCE_LIST Dir::Etc::SourceList/f SOURCE_PARTS Dir::Etc::SourceParts/d)"
  list=$work/apt/sources.list parts=$work/apt/sources.list.d
  mkdir -p "$parts" "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  touch "$list"
  for file in "$SOURCE_LIST" "$SOURCE_PARTS"/*.list; do
    [[ -f $file ]] || continue
    sed -nE "s/^[[:space:]]*deb([[:space:]])/$kind\\1/p" "$file" >>"$list"
  done
  for file in "$SOURCE_PARTS"/*.sources; do
    [[ -f $file ]] || continue
    sed -E "s/^[Tt]ypes:.*/Types: $kind/" "$file" >"$parts/$(basename "$file")"
  done
  cat >"$work/apt/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "$list";
Dir::Etc::SourceParts "$parts";
Dir::State::Lists "$work/apt/lists";
Dir::Cache "$work/apt/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  for wanted in "$@"; do
    echo "APT::Architectures:: \"$wanted\";" >>"$work/apt/apt.conf"
  done
  # A repository without sources, or one that does not answer, matters only if a package is missed.
  apt-get -c="$work/apt/apt.conf" -qq update || true
}

fetch_from_pip() { # name, version, SHA-256: the sdist, unpacked into $work/<name>
  local name=$1 version=$2 python=python3 requirement="$1==$2 --hash=sha256:$3"
  local hashes=(--require-hashes) sdist
  need python3 python3
  if ! python3 -m pip --version >/dev/null 2>&1; then
    python3 -m venv "$work/venv" || fail "python3 has neither pip nor venv." "apt-get install python3-venv"
    python=$work/venv/bin/python
  fi
  if [[ $any_version == 1 ]]; then
    requirement=$name hashes=()
  fi
  echo "$requirement" >"$work/pip.txt"
  stub_backend
  mkdir -p "$work/pip" "$work/$name"
  if ! PYTHONPATH=$work/backend "$python" -m pip download --quiet --disable-pip-version-check \
    --no-deps --no-binary :all: --no-build-isolation "${hashes[@]}" \
    --dest "$work/pip" --requirement "$work/pip.txt" >"$work/pip.log" 2>&1; then
    cat "$work/pip.log" >&2
    ! grep -q 'No matching distribution' "$work/pip.log" ||
      other_version "$name" pip "$(sed -n 's/.*(from versions: \(.*\))/\1/p' "$work/pip.log")" \
        "$version"
    fail "pip did not bring $name $version."
  fi
  sdist=("$work"/pip/"$name"-*.tar.gz)
  tar -xf "${sdist[0]}" -C "$work/$name" --strip-components=1
}

cmake_install() { # source folder, options...
  local source=$1 launcher=()
  shift
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  cmake -S "$source" -B "$source/build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" -DCMAKE_CXX_STANDARD=17 \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_PREFIX_PATH="$work/stage$prefix" "${cross[@]}" "${launcher[@]}" "$@"
  cmake --build "$source/build"
  DESTDIR=$work/stage cmake --install "$source/build"
}

# Keeps its licence, and notes what was built for the package's bill of materials.
part() { # name, version, package URL, SPDX id of its licence, library, licence files...
  local name=$1 version=$2 url=$3 spdx=$4 library=$5 file
  shift 5
  for file in "$@"; do
    [[ ! -f $file ]] ||
      install -D -m 644 "$file" "$work/stage$prefix/share/licenses/$name/$(basename "$file")"
  done
  mkdir -p "$work/stage$prefix/share/parts"
  printf '{"name": "%s", "version": "%s", "purl": "%s", "licence": "%s", "library": "%s"}\n' \
    "$name" "$version" "$url" "$spdx" "$library" >"$work/stage$prefix/share/parts/$name.json"
}

pip_part() { # name, sdist that carries it, folder there, SPDX id of its licence, library
  local version from=$work/$2/$3
  version=$(sed -n '/^Version: /{s///p;q}' "$work/$2/PKG-INFO")
  part "$1" "of $2 $version" "pkg:pypi/$2@$version#$3" "$4" "$5" "$from/LICENSE" "$from/NOTICE"
}

in_parallel() { # functions; prints the log of the ones that fail
  local name jobs=() failed=0
  for name in "$@"; do
    ("$name") >"$work/$name.log" 2>&1 &
    jobs+=($!)
  done
  for name in "$@"; do
    if ! wait "${jobs[0]}"; then
      cat "$work/$name.log" >&2
      say "$name failed"
      failed=1
    fi
    jobs=("${jobs[@]:1}")
  done
  return "$failed"
}

# What a stage's file may use: $architecture, $cross, $any_version, $stage, $prefix (where the stage will be),
# $work (a folder to work in), $flags (for the compilers). It sets $stage_holds and has build_stage,
# which installs into $work/stage$prefix.
run_stage() (
  stage=$1 prefix=$root/build/deps/$architecture/$1
  work=$root/build/deps/$architecture.work/$stage
  hardening="-fPIC -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=3"
  [[ $architecture != x86_64 ]] || hardening+=" -fcf-protection"
  # Sections of their own, so that the linker drops what sgflow does not use.
  flags="$hardening -ffunction-sections -fdata-sections -ffile-prefix-map=$work/="
  script=$root/scripts/dependencies/$stage.sh
  [[ -f $script ]] || fail "there is no stage '$stage'"
  stamp=$(cat "${BASH_SOURCE[0]}" "$script" | sha256sum | cut -d' ' -f1)
  is_built() { [[ -f $prefix/stamp && $(<"$prefix/stamp") == "$stamp" ]]; }
  ! is_built || return 0

  # shellcheck disable=SC1090
  source "$script"
  need cmake cmake
  need ninja ninja-build
  if ((${#cross[@]} > 0)); then
    need "$architecture-linux-gnu-g++" "g++-${architecture/_/-}-linux-gnu"
  else
    need c++ g++
  fi
  # One build at a time: two would tread on each other's folder.
  mkdir -p "$root/build/deps/$architecture"
  exec 9>"$prefix.lock"
  flock 9
  ! is_built || return 0
  # shellcheck disable=SC2154
  say "building $stage_holds into build/deps/$architecture/$stage"
  rm -rf "$work"
  mkdir -p "$work/stage$prefix"
  build_stage

  # Moved into place whole, so that an interrupted run leaves nothing half made.
  echo "$stamp" >"$work/stage$prefix/stamp"
  rm -rf "$prefix"
  mv "$work/stage$prefix" "$prefix"
  rm -rf "$work"
)

main() {
  local stage job jobs=() failed=0
  (($# > 0)) || set -- base aws ${cross[0]:+debian}
  for stage in "$@"; do
    run_stage "$stage" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do
    wait "$job" || failed=1
  done
  return "$failed"
}

main "$@"
