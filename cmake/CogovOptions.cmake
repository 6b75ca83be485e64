# CogovOptions.cmake - what a builder may choose, and the target cogov_options: flags that every source of
# ours is compiled with.

include(CheckCCompilerFlag)

option(COGOV_TESTS "Build the tests" ${cogov_top_level})
option(COGOV_WERROR "Treat warnings as errors" OFF)
option(COGOV_COVERAGE "Measure which lines run" OFF)
set(COGOV_MPI AUTO CACHE STRING "Share an experiment over processes with MPI: ON, OFF, or AUTO (if MPI is there)")
set_property(CACHE COGOV_MPI PROPERTY STRINGS AUTO ON OFF)
set(COGOV_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=: address,undefined or thread")
set(COGOV_MODEL_FLAGS "" CACHE STRING "More compiler flags for the models")
set(COGOV_V4_FLAGS "" CACHE STRING "More compiler flags for the models' AVX-512 build, such as -mprefer-vector-width=512")

set(dispatch OFF)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    check_c_compiler_flag(-march=x86-64-v4 COGOV_HAS_MARCH_V4)
    if(COGOV_HAS_MARCH_V4)
        set(dispatch ON)
    endif()
endif()
option(COGOV_DISPATCH "Compile the models for x86-64 v2, v3 and v4, and choose at start" ${dispatch})

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # __asm__ labels
if(BUILD_SHARED_LIBS)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

# The same numbers from every compiler: no contraction to fused multiply-add, nothing of -ffast-math. (sqrt
# need not set errno: the value is the same and it becomes one instruction.)
set(number_flags -ffp-contract=off -fno-math-errno)

add_library(cogov_options INTERFACE)
target_include_directories(cogov_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(cogov_options INTERFACE ${number_flags}
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes)
# No path of the machine in what is installed; debuggers want the paths.
target_compile_options(cogov_options INTERFACE
    "$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}/=>"
    "$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>")
if(COGOV_WERROR)
    target_compile_options(cogov_options INTERFACE -Werror)
endif()

set(instrument_flags "")
if(COGOV_SANITIZE)
    list(APPEND instrument_flags "-fsanitize=${COGOV_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
endif()
if(COGOV_COVERAGE)
    list(APPEND instrument_flags --coverage -fprofile-update=atomic) # threads count too
endif()
target_compile_options(cogov_options INTERFACE ${instrument_flags})
target_link_options(cogov_options INTERFACE ${instrument_flags})
