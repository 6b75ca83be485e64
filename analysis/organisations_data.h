/* organisations_data.h - registered social organisations in China at the end of each year.
 *
 * Wang2018, Table 3 (王轲, 中国城市社区治理创新的特征、动因及趋势, 2018), which gives associations and private
 * non-enterprise units in tens of thousands with one decimal, so these two are known to 500, and foundations
 * exactly. All kinds of organisations are counted, not only those of communities.
 */
#ifndef ANALYSIS_ORGANISATIONS_DATA_H
#define ANALYSIS_ORGANISATIONS_DATA_H

struct organisations_year {
    int year;
    double associations; /* 社会团体 */
    double pne;          /* private non-enterprise units, 民办非企业单位 */
    double foundations;  /* 基金会 */
};

static const struct organisations_year organisations_observed[] = {
    { 2010, 245000, 198000, 2200 },
    { 2011, 255000, 204000, 2614 },
    { 2012, 271000, 225000, 3029 },
    { 2013, 289000, 255000, 3549 },
    { 2014, 310000, 292000, 4117 },
};

enum { ORGANISATIONS_YEARS = sizeof(organisations_observed) / sizeof(organisations_observed[0]) };

/* Tick 0 of the scenarios national and national-without-reform is the end of this year; tick 12 k the end of
 * the k-th after it. */
#define ORGANISATIONS_FIRST_YEAR 2010

#endif
