# shellcheck shell=bash disable=SC2034,SC2154 # variables that go between this and its reader
# simdjson, ISA-L and cpp-httplib from apt's sources, base64 from pip's; scripts/dependencies.sh
# reads this.

readonly SIMDJSON_VERSION=3.0.1-1
readonly ISAL_VERSION=2.30.0-5
readonly HTTPLIB_VERSION=0.11.4+ds-1+deb12u1
readonly PYBASE64_VERSION=1.5.1 # the sdist carries the sources of aklomp's base64 0.5.2
readonly PYBASE64_SHA256=aa924f7c2e90349d472d7d57c3680de8d222a32c2d3d07f922ab2f60516e478d
readonly APT_SHA256="\
83aae46d3ab6729f8dffe0755e3e780f5052120bc9dadf012898b6c2fb9b574b  simdjson_3.0.1-1.dsc
156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed  simdjson_3.0.1.orig.tar.gz
e80e602a3e37211e841017af3c4e2cfa0b2894ad2a259de97dfd047ce8e4b008  simdjson_3.0.1-1.debian.tar.xz
f0376ddb24f0126641161054002a251ba48b52c2e28fe29cc7b5106e9f0938a8  libisal_2.30.0-5.dsc
f363f1be3d657d5676cef5253ee2233e60116e2fa9c9de86881185bf81e0e4b8  libisal_2.30.0.orig.tar.xz
7774a820dd205a8a1b3525e4c0edd9e20c3481ea90432255817cc9e10f1cbf83  libisal_2.30.0-5.debian.tar.xz
a4dde747bbde7cc9fa62cdf50d61140a0eaefb7f1383497ef2d48daf3bf5f9ec  cpp-httplib_0.11.4+ds-1+deb12u1.dsc
8b1a5df569003b6a4f24c68489bbda5c64aec94697bdc9ebba5d79408b2ae7eb  cpp-httplib_0.11.4+ds.orig.tar.xz
a0adf8a38610806f6d94ba69839438635e5e6580775e28ff31d6a081e34f1484  cpp-httplib_0.11.4+ds-1+deb12u1.debian.tar.xz"

stage_holds="simdjson, ISA-L, cpp-httplib and base64"

fetch_from_apt() { # name=version...
  local wanted name version offered packages=()
  command -v apt-get >/dev/null || fail "there is no apt-get here to take sources from." \
    "Bring simdjson, ISA-L, cpp-httplib and base64 in your own way: CMake meets them through" \
    "find_package (CMAKE_PREFIX_PATH, vcpkg, Conan)."
  prepare_apt deb-src
  for wanted in "$@"; do
    name=${wanted%%=*} version=${wanted#*=}
    offered=$(apt-cache -c="$work/apt/apt.conf" showsrc --only-source "$name" 2>/dev/null |
      sed -n 's/^Version: //p' | sort -Vu | tr '\n' ' ')
    if [[ " $offered" == *" $version "* ]]; then
      packages+=("$name=$version")
    elif [[ $any_version == 1 && -n $offered ]]; then
      say "taking $name ${offered% }, not $version: its checksum is not pinned"
      packages+=("$name")
    else
      other_version "$name" apt "${offered% }" "$version"
    fi
  done
  mkdir -p "$work/sources"
  (cd "$work/sources" &&
    apt-get -c="$work/apt/apt.conf" -qq --download-only source "${packages[@]}" >/dev/null)
  check_apt_sums
}

check_apt_sums() {
  local file sum
  for file in "$work"/sources/*; do
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    if ! grep -qxF "$sum  $(basename "$file")" <<<"$APT_SHA256"; then
      [[ $any_version == 1 ]] && ! grep -qF "  $(basename "$file")" <<<"$APT_SHA256" && continue
      fail "$(basename "$file") has the SHA-256 $sum, which is not the pinned one."
    fi
  done
}

unpack() { # package
  dpkg-source --no-check -x "$work"/sources/"$1"_*.dsc "$work/$1" >/dev/null
}

# The version is the one that was taken, pinned or not.
apt_part() { # name, source package, SPDX id of its licence, library
  local source version
  source=("$work/sources/$2"_*.dsc)
  version=$(sed -n 's/^Version: //p' "${source[0]}")
  part "$1" "$version" "pkg:deb/debian/$2@${version//+/%2B}?arch=source" "$3" "$4" "$work/$2/LICENSE"
}

build_simdjson() {
  unpack simdjson
  cmake_install "$work/simdjson" -DSIMDJSON_ENABLE_THREADS=OFF
  apt_part simdjson simdjson Apache-2.0 libsimdjson.a
}

build_httplib() {
  unpack cpp-httplib
  # Small, and compiled in half the time: what it does is wait. An event of megabytes comes in some
  # large pieces, not in hundreds of small ones with a select for each.
  cmake_install "$work/cpp-httplib" \
    -DCMAKE_CXX_FLAGS_RELEASE="-Os -DNDEBUG -DCPPHTTPLIB_RECV_BUFSIZ=65536ul" \
    -DHTTPLIB_COMPILE=ON -DHTTPLIB_USE_OPENSSL_IF_AVAILABLE=OFF \
    -DHTTPLIB_USE_ZLIB_IF_AVAILABLE=OFF -DHTTPLIB_USE_BROTLI_IF_AVAILABLE=OFF
  apt_part cpp-httplib cpp-httplib MIT libhttplib.a
}

build_base64() {
  # The codec is chosen by what the processor can do when the program starts.
  cmake_install "$work/pybase64/base64" -DBASE64_BUILD_CLI=OFF -DBASE64_WERROR=OFF \
    -DCMAKE_DISABLE_FIND_PACKAGE_OpenMP=ON
  pip_part base64 pybase64 base64 BSD-2-Clause libbase64.a
}

# Only what gzip takes, and through the plain makefile: no autotools. Its DEBUG is the one variable
# that reaches the C compiler and not the assembler.
build_isal() {
  local header body="$work/libisal/igzip/igzip_icf_body_h1_gr_bt.asm" tools=()
  unpack libisal
  # It hashes the third byte of a stream by the stream's address, for want of the bytes in a
  # register: in one process of some thousands the same text would be compressed to other bytes.
  sed -i 's/^\tshr\ttmp2, 16$/\tmov\ttmp2, curr_data\n&/' "$body"
  grep -Pzq '\n\tmov\ttmp2, curr_data\n\tshr\ttmp2, 16\n' "$body" ||
    fail "ISA-L $ISAL_VERSION has another igzip_icf_body_h1_gr_bt.asm than was looked at."
  ((${#cross[@]} == 0)) || tools=(host_cpu="$architecture" CC="$architecture-linux-gnu-gcc"
    AR="$architecture-linux-gnu-ar")
  make -C "$work/libisal" -f Makefile.unx -j"$(nproc)" units="crc igzip" DEBUG="$flags" DEBUG_nasm= \
    "${tools[@]}" lib
  install -D -m 644 "$work/libisal/bin/isa-l.a" "$work/stage$prefix/lib/libisal.a"
  for header in igzip_lib.h crc.h crc64.h; do
    install -D -m 644 "$work/libisal/include/$header" "$work/stage$prefix/include/isa-l/$header"
  done
  apt_part isa-l libisal BSD-3-Clause libisal.a
}

fetch_apt_sources() {
  fetch_from_apt "simdjson=$SIMDJSON_VERSION" "libisal=$ISAL_VERSION" "cpp-httplib=$HTTPLIB_VERSION"
}

fetch_base64() { fetch_from_pip pybase64 "$PYBASE64_VERSION" "$PYBASE64_SHA256"; }

build_stage() {
  need dpkg-source dpkg-dev
  [[ $architecture != x86_64 ]] || need nasm nasm
  in_parallel fetch_apt_sources fetch_base64
  in_parallel build_httplib build_simdjson build_isal build_base64
}
