/* isa.h - one source, several instruction sets: the sources of a model are compiled once for each x86-64
 * level (v2, v3, v4) with SIM_ISA naming it, and the program takes the widest that the processor has.
 * Elsewhere there is one build, `plain`. Results do not differ.
 *
 * Functions that the sources of one model share are declared with SIM_LABEL, which gives each build's copy a
 * symbol of its own:
 *
 *     void committee_time(const struct sim_view *view) SIM_LABEL("committee_time");
 */
#ifndef SIM_ISA_H
#define SIM_ISA_H

#ifndef SIM_ISA
#define SIM_ISA plain
#endif

#define SIM_ISA_TEXT_(isa) #isa
#define SIM_ISA_TEXT(isa) SIM_ISA_TEXT_(isa)
#define SIM_LABEL(name) __asm__("cogov_" name "_" SIM_ISA_TEXT(SIM_ISA))

/* The instruction sets that models were compiled for, widest first; COGOV_DISPATCH comes from the build. */
#ifdef COGOV_DISPATCH
#define SIM_ISAS(X, model) X(model, v4) X(model, v3) X(model, v2)
#else
#define SIM_ISAS(X, model) X(model, plain)
#endif

/* Nonzero if this processor runs code compiled for the named level ("v2", "v3", "v4", "plain"). */
int sim_isa_supported(const char *isa);

#endif
