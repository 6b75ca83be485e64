# Revision.cmake - run at every build: writes OUTPUT with the revision of SOURCE and a digest of what it is
# compiled from, and touches it only if one of them has changed.
cmake_minimum_required(VERSION 3.20)

# Without git, or in a folder that is not a clone of its own (an unpacked archive), the revision is "unknown".
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

# The digest tells apart what the revision does not: two changed clones, two archives. In a clone without new
# files it is that of
#     git ls-files main.c models sim | xargs sha256sum | sha256sum
# What editors leave beside the sources does not count.
file(GLOB_RECURSE names RELATIVE "${SOURCE}" "${SOURCE}/models/*" "${SOURCE}/sim/*")
list(FILTER names INCLUDE REGEX "\\.(c|h|def|c\\.in)$")
list(FILTER names EXCLUDE REGEX "(^|/)\\.")
list(APPEND names main.c)
list(SORT names)
set(list "")
foreach(name IN LISTS names)
    file(SHA256 "${SOURCE}/${name}" digest)
    string(APPEND list "${digest}  ${name}\n")
endforeach()
string(SHA256 source "${list}")

set(text "#define COGOV_GIT_REVISION \"${revision}\"\n#define COGOV_SOURCE \"${source}\"\n")
set(written "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" written)
endif()
if(NOT written STREQUAL text)
    file(WRITE "${OUTPUT}" "${text}")
endif()
