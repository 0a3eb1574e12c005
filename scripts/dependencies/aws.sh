# shellcheck shell=bash disable=SC2034,SC2154 # variables that go between this and its reader
# The AWS Common Runtime: the C libraries that AWS's own SDKs are made of, whole in the sdist of
# their Python binding. Of it all that signed HTTPS calls and S3 transfers take, aws-lc's libcrypto
# and s2n among them, but neither MQTT nor event streams; scripts/dependencies.sh reads this.

readonly AWSCRT_VERSION=0.38.1
readonly AWSCRT_SHA256=0dcebfaa70cf079133cd2352119e3d05e9b8ca1d1621736cfb54c03f3d5fef0f

# Each one uses only those before it.
readonly CRT_LIBRARIES=(aws-c-common aws-c-sdkutils aws-c-cal aws-c-io
  aws-c-compression aws-c-http aws-c-auth)

stage_holds="the AWS Common Runtime"

fetch_awscrt() { fetch_from_pip awscrt "$AWSCRT_VERSION" "$AWSCRT_SHA256"; }

# -O3, which CMake's Release means, takes longer to compile and is no quicker here.
crt_install() { # source folder, options...
  cmake_install "$@" -DCMAKE_C_FLAGS_RELEASE="-O2 -DNDEBUG" -DBUILD_TESTING=OFF
}

build_crypto() {
  # What Go and Perl would generate comes with the sources. The kernel's random numbers are enough:
  # a second source, the processor's jitter, would cost 30 ms of the first call.
  crt_install "$work/awscrt/crt/aws-lc" -DDISABLE_GO=ON -DDISABLE_PERL=ON -DBUILD_LIBSSL=OFF \
    -DBUILD_TOOL=OFF -DDISABLE_CPU_JITTER_ENTROPY=ON
}

build_s2n() {
  crt_install "$work/awscrt/crt/s2n" -DUNSAFE_TREAT_WARNINGS_AS_ERRORS=OFF
}

# All at once, not one by one: a third of the time would go into configuring.
build_runtime() {
  local library
  mkdir "$work/runtime"
  {
    echo 'cmake_minimum_required(VERSION 3.24)'
    echo 'project(crt LANGUAGES C)'
    echo "list(APPEND CMAKE_MODULE_PATH $work/awscrt/crt/aws-c-common/cmake)"
    echo 'include(AwsFindPackage)'
    for library in "${CRT_LIBRARIES[@]}"; do
      echo "add_subdirectory($work/awscrt/crt/$library $library)"
    done
  } >"$work/runtime/CMakeLists.txt"
  crt_install "$work/runtime" -DIN_SOURCE_BUILD=ON -DAWSLC_PREBUILT=ON -DS2N_PREBUILT=ON
}

build_stage() {
  local library
  in_parallel fetch_awscrt
  # s2n looks at what libcrypto it has, so that must be there.
  in_parallel build_crypto
  in_parallel build_s2n
  in_parallel build_runtime
  pip_part aws-lc awscrt crt/aws-lc "Apache-2.0 OR ISC" libcrypto.a
  for library in s2n "${CRT_LIBRARIES[@]}"; do
    pip_part "$library" awscrt "crt/$library" Apache-2.0 "lib$library.a"
  done
}
