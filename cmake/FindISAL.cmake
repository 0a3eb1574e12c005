# Intel's ISA-L as the target ISAL::ISAL: from its config package where there is one (vcpkg and
# Conan have it), else by header and library, the static one first.
include(FindPackageHandleStandardArgs)

find_package(isal CONFIG QUIET)
if(TARGET ISAL::isal)
  find_package_handle_standard_args(ISAL REQUIRED_VARS isal_DIR)
  if(NOT TARGET ISAL::ISAL)
    add_library(ISAL::ISAL INTERFACE IMPORTED)
    target_link_libraries(ISAL::ISAL INTERFACE ISAL::isal)
  endif()
  return()
endif()

find_path(ISAL_INCLUDE_DIR isa-l/igzip_lib.h)
find_library(ISAL_LIBRARY NAMES libisal.a isal)
mark_as_advanced(ISAL_INCLUDE_DIR ISAL_LIBRARY isal_DIR)

find_package_handle_standard_args(ISAL REQUIRED_VARS ISAL_LIBRARY ISAL_INCLUDE_DIR)

if(ISAL_FOUND AND NOT TARGET ISAL::ISAL)
  add_library(ISAL::ISAL UNKNOWN IMPORTED)
  set_target_properties(ISAL::ISAL PROPERTIES
    IMPORTED_LOCATION "${ISAL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ISAL_INCLUDE_DIR}")
endif()
