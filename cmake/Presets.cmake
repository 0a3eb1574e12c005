# What the presets add to a plain build: the libraries that scripts/dependencies.sh has built, and
# ccache where there is one.
include_guard()

list(APPEND CMAKE_PREFIX_PATH "${CMAKE_SOURCE_DIR}/build/deps/${CMAKE_SYSTEM_PROCESSOR}/base"
  "${CMAKE_SOURCE_DIR}/build/deps/${CMAKE_SYSTEM_PROCESSOR}/aws"
  "${CMAKE_SOURCE_DIR}/build/deps/${CMAKE_SYSTEM_PROCESSOR}/debian/usr")

find_program(CCACHE ccache)
mark_as_advanced(CCACHE)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Another checkout of the same code finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${CCACHE}")
  # GCC never makes the same precompiled header twice, so nothing compiled with one is found again.
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()
