/* report_fans.h - quantiles of many numbers without sorting all of them. */
#ifndef ANALYSIS_REPORT_FANS_H
#define ANALYSIS_REPORT_FANS_H

#include <stddef.h>

enum { FAN_LOW80, FAN_LOW50, FAN_MEDIAN, FAN_HIGH50, FAN_HIGH80, FAN_QUANTILES };

/* The quantiles at 10, 25, 50, 75 and 90 % of n numbers without NaN, as sim_quantile has them; changes their order. */
void fan_quantiles(double *numbers, size_t n, double quantiles[FAN_QUANTILES]);

#endif
