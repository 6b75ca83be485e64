/* error.h - the status codes of the library, each with its sentence, from one list.
 *
 * Every function that can fail returns one of these as an int; 0 is success. A function that finds fault with
 * what a user wrote adds a message (message.h) with the place and the reason, and returns SIM_ERR_INPUT.
 */
#ifndef SIM_ERROR_H
#define SIM_ERROR_H

#define SIM_STATUS_CODES(X)                                                 \
    X(SIM_OK, "no error")                                                   \
    X(SIM_ERR_MEMORY, "not enough memory")                                  \
    X(SIM_ERR_INPUT, "invalid input")                                       \
    X(SIM_ERR_FILE, "a file could not be read or written")                  \
    X(SIM_ERR_EXISTS, "the results file exists and holds something else")   \
    X(SIM_ERR_STOPPED, "stopped before the end; what was finished is safe") \
    X(SIM_ERR_STATE, "the state of the model breaks one of its invariants") \
    X(SIM_ERR_CELL, "one or more cells failed")

#define SIM_STATUS_ENUM(code, text) code,
enum sim_status { SIM_STATUS_CODES(SIM_STATUS_ENUM) SIM_STATUS_COUNT };
#undef SIM_STATUS_ENUM

/* The sentence of a code; for a number that is none of them, "unknown error". Never NULL. */
const char *sim_status_text(int status);

#endif
