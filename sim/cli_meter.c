/* cli_meter.c - the line of progress. */
#include "sim/cli.h"

#include <unistd.h>

void
cli_print_time(char *text, double seconds)
{
    long s = (long) (seconds + 0.5);
    if (s < 60) {
        snprintf(text, CLI_TIME_SIZE, "%ld s", s);
    } else if (s < 3600) {
        snprintf(text, CLI_TIME_SIZE, "%ld min %02ld s", s / 60, s % 60);
    } else {
        snprintf(text, CLI_TIME_SIZE, "%ld h %02ld min", s / 3600, s / 60 % 60);
    }
}

void
cli_meter_init(struct cli_meter *meter, const struct cli_options *options)
{
    int quiet = (options->given & CLI_QUIET) != 0;
    *meter = (struct cli_meter){ .shown = quiet ? CLI_METER_NOTHING
            : isatty(STDERR_FILENO) != 0        ? CLI_METER_TERMINAL
                                                : CLI_METER_LINES };
}

void
cli_meter_show(struct cli_meter *meter, double share, const char *what, double months, double seconds)
{
    char left[CLI_TIME_SIZE];
    int percent = (int) (100 * share), lines = meter->shown == CLI_METER_LINES, last = percent >= 100;
    if (meter->shown == CLI_METER_NOTHING || meter->ended
        || (lines && percent < meter->percent + 5 && !last)) {
        return;
    }
    meter->percent = lines ? percent / 5 * 5 : percent;
    meter->ended = last;
    cli_print_time(left, share > 0 ? seconds * (1 - share) / share : 0);
    fprintf(stderr, "%s%3d %%  %s  %.0f months/s  %s left%s", lines ? "" : "\r", percent, what,
        seconds > 0 ? months / seconds : 0, left, lines || last ? "\n" : "   ");
    meter->open = !lines && !last;
}

void
cli_meter_break(struct cli_meter *meter)
{
    if (meter->open) {
        fputc('\n', stderr);
        meter->open = 0;
    }
}
