/* clock.h - seconds since some fixed moment, for measuring; no result depends on it. */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

double sim_seconds(void);

#endif
