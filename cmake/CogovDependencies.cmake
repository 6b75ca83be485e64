# CogovDependencies.cmake - one row for each library that cogov uses; the build and the installed package find
# them the same way.
#
# Each row makes an imported target cogov_dependency::NAME and sets cogov_dependency_NAME_VERSION. pkg-config,
# where it knows the library, says where to look first; CMAKE_PREFIX_PATH (conda, Spack, a folder of one's
# own) and the system's folders follow. What is missing is collected in cogov_dependencies_missing, so that a
# person reads about all of it at once.

find_package(PkgConfig QUIET)

function(cogov_dependency name)
    cmake_parse_arguments(arg "" "DEBIAN;HEADER;VERSION_HEADER;VERSION_PATTERN" "PKG_CONFIG;LIBRARIES;SUFFIXES" ${ARGN})
    if(TARGET cogov_dependency::${name})
        return()
    endif()

    set(version unknown)
    if(arg_PKG_CONFIG AND PKG_CONFIG_FOUND)
        pkg_search_module(cogov_pc_${name} QUIET ${arg_PKG_CONFIG})
        if(cogov_pc_${name}_FOUND)
            set(version "${cogov_pc_${name}_VERSION}")
        endif()
    endif()

    find_path(COGOV_${name}_INCLUDE_DIR ${arg_HEADER} HINTS ${cogov_pc_${name}_INCLUDE_DIRS} PATH_SUFFIXES ${arg_SUFFIXES})
    mark_as_advanced(COGOV_${name}_INCLUDE_DIR)
    set(needed ${COGOV_${name}_INCLUDE_DIR})
    set(found_all TRUE)
    if(NOT needed)
        set(found_all FALSE)
    endif()
    set(libraries "")
    foreach(library IN LISTS arg_LIBRARIES)
        find_library(COGOV_${name}_LIBRARY_${library} NAMES ${library}
            HINTS ${cogov_pc_${name}_LIBRARY_DIRS} PATH_SUFFIXES ${arg_SUFFIXES})
        mark_as_advanced(COGOV_${name}_LIBRARY_${library})
        if(NOT COGOV_${name}_LIBRARY_${library})
            set(found_all FALSE)
        endif()
        list(APPEND libraries "${COGOV_${name}_LIBRARY_${library}}")
    endforeach()
    if(NOT found_all)
        list(APPEND cogov_dependencies_missing "${name} (Debian, Ubuntu: ${arg_DEBIAN})")
        set(cogov_dependencies_missing "${cogov_dependencies_missing}" PARENT_SCOPE)
        return()
    endif()

    set(header "${COGOV_${name}_INCLUDE_DIR}/${arg_VERSION_HEADER}")
    if(version STREQUAL unknown AND arg_VERSION_HEADER AND EXISTS "${header}")
        file(STRINGS "${header}" line REGEX "${arg_VERSION_PATTERN}" LIMIT_COUNT 1)
        if(line MATCHES "${arg_VERSION_PATTERN}")
            set(version "${CMAKE_MATCH_1}")
        endif()
    endif()
    set(cogov_dependency_${name}_VERSION "${version}" PARENT_SCOPE)

    add_library(cogov_dependency::${name} INTERFACE IMPORTED)
    set_target_properties(cogov_dependency::${name} PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${COGOV_${name}_INCLUDE_DIR}"
        INTERFACE_LINK_LIBRARIES "${libraries}")
endfunction()

set(cogov_dependencies_missing "")
cogov_dependency(hdf5 DEBIAN libhdf5-dev PKG_CONFIG hdf5-serial hdf5 HEADER hdf5.h LIBRARIES hdf5_hl hdf5
    SUFFIXES hdf5/serial VERSION_HEADER H5public.h VERSION_PATTERN "H5_VERS_INFO +\"HDF5 library version: ([0-9.]+)")
cogov_dependency(yaml DEBIAN libyaml-dev PKG_CONFIG yaml-0.1 HEADER yaml.h LIBRARIES yaml)
cogov_dependency(jansson DEBIAN libjansson-dev PKG_CONFIG jansson HEADER jansson.h LIBRARIES jansson
    VERSION_HEADER jansson.h VERSION_PATTERN "JANSSON_VERSION +\"([0-9.]+)")
cogov_dependency(sleef DEBIAN libsleef-dev PKG_CONFIG sleef HEADER sleef.h LIBRARIES sleef)
cogov_dependency(xxhash DEBIAN libxxhash-dev PKG_CONFIG libxxhash HEADER xxhash.h LIBRARIES xxhash)
cogov_dependency(gsl DEBIAN libgsl-dev PKG_CONFIG gsl HEADER gsl/gsl_version.h LIBRARIES gsl gslcblas
    VERSION_HEADER gsl/gsl_version.h VERSION_PATTERN "GSL_VERSION +\"([0-9.]+)")
cogov_dependency(random123 DEBIAN librandom123-dev HEADER Random123/philox.h)
