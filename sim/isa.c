#include "sim/isa.h"

#include <string.h>

#if defined(__x86_64__)
static int
has_v2(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
}

static int
has_v3(void)
{
    return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
}

static int
has_v4(void)
{
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
}
#endif

int
sim_isa_supported(const char *isa)
{
    if (strcmp(isa, "plain") == 0) {
        return 1;
    }
#if defined(__x86_64__)
    return (strcmp(isa, "v2") == 0 && has_v2()) || (strcmp(isa, "v3") == 0 && has_v3())
        || (strcmp(isa, "v4") == 0 && has_v4());
#else
    return 0;
#endif
}
