# CogovProvenance.cmake - writes sim/provenance.c into the build folder. No paths and no times, so that two
# builds of one source with one compiler and the same flags say the same.

set(cogov_provenance_folder "${PROJECT_BINARY_DIR}/provenance")
set(cogov_provenance_source "${cogov_provenance_folder}/provenance.c")

if(COGOV_DISPATCH)
    set(COGOV_ISAS_TEXT "x86-64 v2, v3, v4")
else()
    set(COGOV_ISAS_TEXT "plain")
endif()

string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
set(COGOV_BUILD_TYPE "${CMAKE_BUILD_TYPE}")
string(JOIN " " words ${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${type}} ${number_flags} ${instrument_flags} ${COGOV_MODEL_FLAGS}
    ${COGOV_V4_FLAGS})
separate_arguments(words NATIVE_COMMAND "${words}")
list(FILTER words EXCLUDE REGEX "[/\"\\]") # paths
string(JOIN " " COGOV_FLAGS_TEXT ${words})
configure_file("${PROJECT_SOURCE_DIR}/sim/provenance.c.in" "${cogov_provenance_source}" @ONLY)

find_package(Git QUIET)
add_custom_target(cogov_revision
    COMMAND "${CMAKE_COMMAND}" "-DGIT=${GIT_EXECUTABLE}" "-DSOURCE=${PROJECT_SOURCE_DIR}"
        "-DOUTPUT=${cogov_provenance_folder}/revision.h" -P "${PROJECT_SOURCE_DIR}/cmake/Revision.cmake"
    BYPRODUCTS "${cogov_provenance_folder}/revision.h"
    COMMENT "" VERBATIM)
