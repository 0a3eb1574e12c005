# The kinds of target that sgflow is made of.
include_guard()

# sgflow_room(NAME <room> [HOT] [SOURCES <file>...] [DEPENDS <room>...]
#   [PRIVATE_LIBRARIES <target>...])
#
# One folder of src/ as one static library, sgflow::<room>. Headers are included from src/ on, as
# "flowlog/field.h". DEPENDS names the rooms that it may include and links to; the libraries of
# others stay out of its headers. A room without sources is its headers alone.
# HOT: each record goes through it, and a release has more of it inlined and unrolled.
function(sgflow_room)
  cmake_parse_arguments(PARSE_ARGV 0 room "HOT" "NAME" "SOURCES;DEPENDS;PRIVATE_LIBRARIES")
  sgflow_check_arguments(sgflow_room "${room_NAME}" "${room_UNPARSED_ARGUMENTS}")
  list(TRANSFORM room_DEPENDS PREPEND sgflow::)
  set(target "sgflow_${room_NAME}")
  if(room_SOURCES)
    add_library(${target} STATIC ${room_SOURCES})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target}
      PUBLIC ${room_DEPENDS}
      PRIVATE sgflow_options ${room_PRIVATE_LIBRARIES})
    if(room_HOT)
      target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O3>)
    endif()
    sgflow_precompile(${target} rooms ${SGFLOW_COMMON_HEADERS})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target} INTERFACE ${room_DEPENDS})
  endif()
  add_library(sgflow::${room_NAME} ALIAS ${target})
endfunction()

# sgflow_program(NAME <name> SOURCES <file>... ROOMS <room>... [PRIVATE_LIBRARIES <target>...])
#
# A program for users, in the build folder's top. One file that runs anywhere if SGFLOW_STATIC.
function(sgflow_program)
  cmake_parse_arguments(PARSE_ARGV 0 program "" "NAME" "SOURCES;ROOMS;PRIVATE_LIBRARIES")
  sgflow_check_arguments(sgflow_program "${program_NAME}" "${program_UNPARSED_ARGUMENTS}")
  list(TRANSFORM program_ROOMS PREPEND sgflow::)
  add_executable(${program_NAME} ${program_SOURCES})
  set_target_properties(${program_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  target_link_libraries(${program_NAME} PRIVATE
    sgflow_options ${program_ROOMS} ${program_PRIVATE_LIBRARIES})
  if(SGFLOW_STATIC)
    # Not plain -static: there the first exception thrown costs 4 ms of sorting unwind tables.
    target_link_options(${program_NAME} PRIVATE -static-pie)
    set_property(TARGET ${program_NAME} PROPERTY
      RULE_LAUNCH_LINK "${PROJECT_SOURCE_DIR}/scripts/link.sh")
  endif()
endfunction()

# sgflow_test(NAME <name> SOURCES <file>... ROOMS <room>... [PRIVATE_LIBRARIES <target>...])
#
# One GoogleTest program and one ctest of that name. Helpers are included from tests/ on.
function(sgflow_test)
  cmake_parse_arguments(PARSE_ARGV 0 test "" "NAME" "SOURCES;ROOMS;PRIVATE_LIBRARIES")
  sgflow_check_arguments(sgflow_test "${test_NAME}" "${test_UNPARSED_ARGUMENTS}")
  list(TRANSFORM test_ROOMS PREPEND sgflow::)
  add_executable(${test_NAME} ${test_SOURCES})
  set_target_properties(${test_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  target_include_directories(${test_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  # Their own code is seen once by the compiler and once by the processor.
  target_compile_options(${test_NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_link_libraries(${test_NAME} PRIVATE
    sgflow_options ${test_ROOMS} ${test_PRIVATE_LIBRARIES} rapidcheck GTest::gtest_main)
  sgflow_precompile(${test_NAME} tests ${SGFLOW_COMMON_HEADERS}
    <gtest/gtest.h> <rapidcheck/gtest.h>)
  add_dependencies(all_tests ${test_NAME})
  add_test(NAME ${test_NAME} COMMAND ${test_NAME} --gtest_brief=1
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${test_NAME} PROPERTIES TIMEOUT 300)
endfunction()

# sgflow_bench(NAME <name> SOURCES <file>... ROOMS <room>... [PRIVATE_LIBRARIES <target>...])
#
# One Google Benchmark program in bench/ of the build folder.
function(sgflow_bench)
  cmake_parse_arguments(PARSE_ARGV 0 bench "" "NAME" "SOURCES;ROOMS;PRIVATE_LIBRARIES")
  sgflow_check_arguments(sgflow_bench "${bench_NAME}" "${bench_UNPARSED_ARGUMENTS}")
  list(TRANSFORM bench_ROOMS PREPEND sgflow::)
  add_executable(${bench_NAME} ${bench_SOURCES})
  set_target_properties(${bench_NAME} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench")
  target_include_directories(${bench_NAME} PRIVATE "${PROJECT_SOURCE_DIR}/bench")
  target_link_libraries(${bench_NAME} PRIVATE
    sgflow_options ${bench_ROOMS} ${bench_PRIVATE_LIBRARIES} benchmark::benchmark_main)
endfunction()

# A third of the time to compile a file goes into these. Each file still includes what it uses:
# clang-tidy reads it without them.
set(SGFLOW_COMMON_HEADERS
  <algorithm> <array> <charconv> <chrono> <cstdint> <cstring> <expected> <functional> <map> <memory>
  <optional> <span> <string> <string_view> <unordered_map> <utility> <vector>)

# The first target of a group compiles the headers, for all of the group.
function(sgflow_precompile target group)
  get_property(first GLOBAL PROPERTY sgflow_precompiled_${group})
  if(first)
    target_precompile_headers(${target} REUSE_FROM ${first})
  else()
    target_precompile_headers(${target} PRIVATE ${ARGN})
    set_property(GLOBAL PROPERTY sgflow_precompiled_${group} ${target})
  endif()
endfunction()

function(sgflow_check_arguments function name unparsed)
  if(name STREQUAL "")
    message(FATAL_ERROR "${function}: NAME is missing")
  endif()
  if(NOT unparsed STREQUAL "")
    message(FATAL_ERROR "${function}(${name}): what is ${unparsed}?")
  endif()
endfunction()
