# shellcheck shell=bash disable=SC2034,SC2154 # variables that go between this and its reader
# What Debian has itself, for another architecture: its packages as they are, beside this machine's
# and of the same versions, since apt would put some of them in their place.
# scripts/dependencies.sh reads this.

# Two of the -dev packages want their shared library to be there.
readonly DEBIAN_PACKAGES=(libfmt-dev libfmt9 libhiredis-dev libpugixml-dev libpugixml1v5 libxxhash-dev)

stage_holds="Debian's fmt, hiredis, pugixml and xxHash"

fetch_packages() {
  local package version wanted=()
  local debian_architecture=${architecture/aarch64/arm64}
  for package in "${DEBIAN_PACKAGES[@]}"; do
    version=$(dpkg-query -W -f '${Version}' "$package") || fail "$package is missing." "apt-get install $package"
    wanted+=("$package:$debian_architecture=$version")
  done
  prepare_apt deb "$(dpkg --print-architecture)" "$debian_architecture"
  mkdir -p "$work/packages"
  (cd "$work/packages" && apt-get -c="$work/apt/apt.conf" -qq download "${wanted[@]}")
}

build_stage() {
  local file name
  in_parallel fetch_packages
  mkdir -p "$work/stage$prefix/share/packages"
  for file in "$work"/packages/*.deb; do
    dpkg-deb --extract "$file" "$work/stage$prefix"
    # Whose file is whose, for the bill of materials.
    name=$(dpkg-deb --field "$file" Package)=$(dpkg-deb --field "$file" Version)
    dpkg-deb --fsys-tarfile "$file" | tar -t | sed 's|^\./||' >"$work/stage$prefix/share/packages/$name"
  done
}
