# xxHash's header as the target xxHash::header_only: all of it is compiled where it is included.
include(FindPackageHandleStandardArgs)

find_path(XXHASH_INCLUDE_DIR xxhash.h)
mark_as_advanced(XXHASH_INCLUDE_DIR)

find_package_handle_standard_args(xxHash REQUIRED_VARS XXHASH_INCLUDE_DIR)

if(xxHash_FOUND AND NOT TARGET xxHash::header_only)
  add_library(xxHash::header_only INTERFACE IMPORTED)
  set_target_properties(xxHash::header_only PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${XXHASH_INCLUDE_DIR}"
    INTERFACE_COMPILE_DEFINITIONS XXH_INLINE_ALL)
endif()
