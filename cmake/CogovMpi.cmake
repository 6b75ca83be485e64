# CogovMpi.cmake - whether to build with MPI. Sets cogov_with_mpi, the source that implements sim/comm.h, and
# COGOV_MPI_TEXT, the MPI as provenance names it.

set(cogov_with_mpi OFF)
set(cogov_comm_source sim/comm_serial.c)
set(COGOV_MPI_TEXT none)

if(NOT COGOV_MPI STREQUAL "OFF")
    set(MPI_DETERMINE_LIBRARY_VERSION TRUE)
    find_package(MPI 3.0 QUIET COMPONENTS C)
    if(MPI_C_FOUND)
        set(cogov_with_mpi ON)
        set(cogov_comm_source sim/comm_mpi.c)
        # "Open MPI v4.1.4, package: ...", "MPICH Version:<tab>4.0.2 ...": a name and a number.
        set(COGOV_MPI_TEXT "MPI ${MPI_C_VERSION}")
        if(MPI_C_LIBRARY_VERSION_STRING MATCHES "^([A-Za-z][A-Za-z() ]*)[^0-9]*([0-9]+[.][0-9.]*[0-9])")
            set(number "${CMAKE_MATCH_2}")
            string(REGEX REPLACE " +(v|Version|Library).*" "" name "${CMAKE_MATCH_1}")
            set(COGOV_MPI_TEXT "${name} ${number}")
        endif()
    elseif(COGOV_MPI STREQUAL "AUTO")
        message(STATUS "MPI 3 was not found: one process only, and threads (Debian, Ubuntu: libopenmpi-dev)")
    else()
        message(FATAL_ERROR "COGOV_MPI=ON, but MPI 3 was not found (Debian, Ubuntu: libopenmpi-dev). "
            "MPI_C_COMPILER says where its mpicc is.")
    endif()
endif()
