# GitRevision.cmake - run at every build: writes OUTPUT with the revision of SOURCE, and touches it only if
# that has changed. Without git, or in a folder that is not a clone of its own (an unpacked archive), the
# revision is "unknown".

set(revision unknown)
if(GIT AND EXISTS "${SOURCE}/.git")
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -E env GIT_OPTIONAL_LOCKS=0
            "${GIT}" -c "safe.directory=${SOURCE}" -C "${SOURCE}" describe --always --abbrev=12 --exclude=* --dirty
        OUTPUT_VARIABLE described RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT failed AND described MATCHES "^[0-9a-f]+(-dirty)?$")
        set(revision "${described}")
    endif()
endif()

set(text "#define COGOV_GIT_REVISION \"${revision}\"\n")
set(written "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" written)
endif()
if(NOT written STREQUAL text)
    file(WRITE "${OUTPUT}" "${text}")
endif()
