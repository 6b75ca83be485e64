/* yaml_reader.h - from libyaml's events to the entries and branches of a document. Inside the library only.
 */
#ifndef SIM_YAML_READER_H
#define SIM_YAML_READER_H

#include "sim/document.h"

/* Reads the document's text from byte start up to length. Faults are messages; SIM_ERR_INPUT if there was
 * any, SIM_ERR_MEMORY. */
int sim_yaml_read(struct sim_document *document, size_t start, size_t length, struct sim_messages *messages);

#endif
