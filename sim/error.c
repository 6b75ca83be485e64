#include "sim/error.h"

const char *
sim_status_text(int status)
{
#define SIM_STATUS_TEXT(code, text) text,
    static const char *const texts[] = { SIM_STATUS_CODES(SIM_STATUS_TEXT) };
#undef SIM_STATUS_TEXT

    if (status < 0 || status >= SIM_STATUS_COUNT) {
        return "unknown error";
    }
    return texts[status];
}
