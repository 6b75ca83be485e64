# CogovReport.cmake - embeds the page of `cogov report` into the program, which reads none of these files when it runs:
# makes cogov_report_source from those of analysis/report.

set(report_template report.html)
set(report_styles report.css)
set(report_scripts report.js) # libraries first: they stand in the page in this order

set(cogov_report_source "${PROJECT_BINARY_DIR}/report/report_texts.c")
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/report")
set(files ${report_template} ${report_styles} ${report_scripts})
list(TRANSFORM files PREPEND "${PROJECT_SOURCE_DIR}/analysis/report/")
string(JOIN "," styles ${report_styles})
string(JOIN "," scripts ${report_scripts})
add_custom_command(OUTPUT "${cogov_report_source}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${PROJECT_SOURCE_DIR}/analysis/report" "-DOUTPUT=${cogov_report_source}"
        "-DTEXTS=report_template:${report_template}|report_style:${styles}|report_script:${scripts}"
        "-DFORBIDDEN=report_style:</style|report_script:</script|report_script:<!--"
        -P "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake"
    COMMENT "Embedding the page of the report" VERBATIM)
