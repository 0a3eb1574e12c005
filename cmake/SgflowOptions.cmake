# How sgflow's own code is compiled and linked: one target that every other one links.
include_guard()

add_library(sgflow_options INTERFACE)

target_compile_options(sgflow_options INTERFACE
  -Wall -Wextra -Wpedantic
  -Wcast-align -Wcast-qual -Wconversion -Wdouble-promotion -Wextra-semi -Wformat=2
  -Wimplicit-fallthrough -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wshadow
  -Wundef -Wunused
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op
    -Wredundant-decls -Wsuggest-override>
  # What GCC 12 sees in the assignment of a literal to a std::string is not there.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict
    -Wno-array-bounds -Wno-stringop-overflow>
  $<$<BOOL:${SGFLOW_WERROR}>:-Werror>
  # The same object whatever folder it is built in.
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  # There char has no sign of itself, and what is tested on x86 would be another program.
  target_compile_options(sgflow_options INTERFACE -fsigned-char)
endif()

target_compile_definitions(sgflow_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

target_compile_options(sgflow_options INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:-ffunction-sections -fdata-sections>)
target_link_options(sgflow_options INTERFACE
  LINKER:-z,noexecstack $<$<NOT:$<CONFIG:Debug>>:LINKER:--gc-sections>)

if(SGFLOW_HARDENED)
  target_compile_options(sgflow_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(sgflow_options INTERFACE -fcf-protection)
  elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    target_compile_options(sgflow_options INTERFACE -mbranch-protection=standard)
  endif()
  target_link_options(sgflow_options INTERFACE LINKER:-z,relro LINKER:-z,now)
endif()

if(SGFLOW_SANITIZE)
  target_compile_options(sgflow_options INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(sgflow_options INTERFACE -fsanitize=address,undefined)
endif()
