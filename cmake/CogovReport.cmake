# CogovReport.cmake - embeds the page of `cogov report` into the program, which reads none of these files when it runs:
# makes cogov_report_source from those of analysis/report.

# The parts of the page in the order in which they stand in it: a line each, of which no other needs to know.
set(report_folder "${PROJECT_SOURCE_DIR}/analysis/report")
set(report_template report.html)
foreach(kind IN ITEMS styles scripts)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${report_folder}/${kind}.list")
    file(STRINGS "${report_folder}/${kind}.list" report_${kind})
endforeach()

set(cogov_report_source "${PROJECT_BINARY_DIR}/report/report_texts.c")
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/report")
set(files ${report_template} ${report_styles} ${report_scripts})
list(TRANSFORM files PREPEND "${report_folder}/")
string(JOIN "," styles ${report_styles})
string(JOIN "," scripts ${report_scripts})
add_custom_command(OUTPUT "${cogov_report_source}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${report_folder}" "-DOUTPUT=${cogov_report_source}"
        "-DTEXTS=report_template:${report_template}|report_style:${styles}|report_script:${scripts}"
        "-DFORBIDDEN=report_style:</style|report_script:</script|report_script:<!--"
        -P "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    COMMENT "Embedding the page of the report" VERBATIM)
