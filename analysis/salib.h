/* salib.h - files that SALib reads and writes, in a folder:
 *
 *     params.txt            a line for each factor: name,lower,upper
 *     model_input.txt       a line for each point, a column for each factor
 *     levels.txt            what the numbers of a choice mean: a line for each choice, its name and its texts, counted
 *                           from 0; only written, and only if there are choices
 *     model_output_NAME.txt a line for each point: an outcome; model_output.txt if there is one without a name
 *
 * SALib: Herman & Usher 2017, Journal of Open Source Software 2:97; read_param_file of its util says what params.txt may hold.
 */
#ifndef ANALYSIS_SALIB_H
#define ANALYSIS_SALIB_H

#include "analysis/sensitivity.h"

/* Writes what was gathered; with several scenarios into a folder for each. All files appear together once they are whole;
 * *unwritten becomes nonzero if the disk did not take them. Without overwrite a file that is there already is
 * SIM_ERR_INPUT, with a message. Unknown outcomes are nan, and their number a warning. SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int salib_write(const struct sensitivity *sensitivity, const char *folder, int overwrite, int *unwritten,
    struct sim_messages *messages);

/* Reads such a folder, for sensitivity_estimate; the folder's name must outlive it. Parameters of one group, if params.txt
 * has a fourth column, are one factor. SIM_ERR_INPUT with a message; SIM_ERR_FILE with a message, SIM_ERR_MEMORY. */
int salib_read(
    struct sensitivity *sensitivity, const char *folder, uint32_t n_samples, struct sim_messages *messages);

/* Nonzero if it is a folder with a params.txt. */
int salib_is_folder(const char *path);

#endif
