# CogovInstall.cmake - the program, the library with its headers, scenarios, the CMake package and the
# pkg-config file.

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/cogov")

install(TARGETS cogov_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS cogov EXPORT cogovTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES ${sim_headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/cogov/sim")
install(FILES models/registry.h DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/cogov/models")
install(DIRECTORY scenarios/ DESTINATION "${CMAKE_INSTALL_DATADIR}/cogov/scenarios" FILES_MATCHING PATTERN "*.yaml"
    PATTERN "*.csv")

install(EXPORT cogovTargets NAMESPACE cogov:: DESTINATION "${package_folder}")
configure_package_config_file(cmake/cogovConfig.cmake.in "${PROJECT_BINARY_DIR}/cogovConfig.cmake"
    INSTALL_DESTINATION "${package_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/cogovConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/cogovConfig.cmake" "${PROJECT_BINARY_DIR}/cogovConfigVersion.cmake" cmake/CogovDependencies.cmake
    DESTINATION "${package_folder}")

# What a program that links the static library must name itself; a shared one knows its own libraries.
set(files "")
foreach(name IN ITEMS gsl hdf5 yaml xxhash sleef)
    get_target_property(more cogov_dependency::${name} INTERFACE_LINK_LIBRARIES)
    list(APPEND files ${more})
endforeach()
if(cogov_with_mpi)
    list(APPEND files ${MPI_C_LIBRARIES})
endif()
set(libraries "")
foreach(file IN LISTS files)
    get_filename_component(folder "${file}" DIRECTORY)
    get_filename_component(stem "${file}" NAME_WE)
    string(REGEX REPLACE "^lib" "" stem "${stem}")
    if(NOT folder IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
        list(APPEND libraries "-L${folder}")
    endif()
    list(APPEND libraries "-l${stem}")
endforeach()
list(REMOVE_DUPLICATES libraries)
string(JOIN " " libraries "" ${libraries} "${OpenMP_C_FLAGS}" -lm)

set(COGOV_PC_CFLAGS "")
foreach(name IN ITEMS random123 sleef)
    get_target_property(folder cogov_dependency::${name} INTERFACE_INCLUDE_DIRECTORIES)
    if(NOT folder IN_LIST CMAKE_C_IMPLICIT_INCLUDE_DIRECTORIES)
        string(APPEND COGOV_PC_CFLAGS " -I${folder}")
    endif()
endforeach()

if(BUILD_SHARED_LIBS)
    set(COGOV_PC_LIBS "")
    set(COGOV_PC_LIBS_PRIVATE "${libraries}")
else()
    set(COGOV_PC_LIBS "${libraries}")
    set(COGOV_PC_LIBS_PRIVATE "")
endif()
file(RELATIVE_PATH COGOV_PC_UP "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(cmake/cogov.pc.in "${PROJECT_BINARY_DIR}/cogov.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/cogov.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
