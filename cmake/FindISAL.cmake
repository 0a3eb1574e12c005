# Intel's ISA-L, as the imported target ISAL::isal: from a config package where there is one (vcpkg
# and Conan have it), else by its header and its library, the static one first.
include(FindPackageHandleStandardArgs)

find_package(isal CONFIG QUIET)
if(TARGET ISAL::isal)
  find_package_handle_standard_args(ISAL CONFIG_MODE)
  return()
endif()

find_path(ISAL_INCLUDE_DIR isa-l/igzip_lib.h)
find_library(ISAL_LIBRARY NAMES libisal.a isal)
mark_as_advanced(ISAL_INCLUDE_DIR ISAL_LIBRARY)

find_package_handle_standard_args(ISAL REQUIRED_VARS ISAL_LIBRARY ISAL_INCLUDE_DIR)

if(ISAL_FOUND)
  add_library(ISAL::isal UNKNOWN IMPORTED)
  set_target_properties(ISAL::isal PROPERTIES
    IMPORTED_LOCATION "${ISAL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${ISAL_INCLUDE_DIR}")
endif()
