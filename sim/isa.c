#include "sim/isa.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* For the features that not every compiler's __builtin_cpu_supports knows. */
static int
cpuid_has(unsigned int leaf, unsigned int features)
{
    unsigned int eax, ebx, ecx, edx;
    return __get_cpuid(leaf, &eax, &ebx, &ecx, &edx) && (ecx & features) == features;
}

static int
has_v2(void)
{
    return __builtin_cpu_supports("sse3") && __builtin_cpu_supports("ssse3")
        && __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("sse4.2")
        && __builtin_cpu_supports("popcnt") && cpuid_has(1, bit_CMPXCHG16B)
        && cpuid_has(0x80000001, bit_LAHF_LM);
}

/* For avx and what builds on it, __builtin_cpu_supports also asks whether the system saves the registers. */
static int
has_v3(void)
{
    return has_v2() && __builtin_cpu_supports("avx") && __builtin_cpu_supports("avx2")
        && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma")
        && cpuid_has(1, bit_F16C | bit_MOVBE | bit_OSXSAVE) && cpuid_has(0x80000001, bit_LZCNT);
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
