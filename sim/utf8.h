/* utf8.h - characters of text in UTF-8: which of them YAML allows, and how wide they are. Inside the library and
 * the program only. */
#ifndef SIM_UTF8_H
#define SIM_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point at the start of a text of at least a byte, and its bytes; 0 bytes if it is not UTF-8 (RFC
 * 3629: no surrogates, no longer form than needed). */
size_t sim_utf8_decode(const unsigned char *text, size_t length, uint32_t *point);

/* Puts '?' for each byte that is no part of a character; the text keeps its length. */
void sim_utf8_repair(char *text);

/* The characters that YAML allows in a file. */
int sim_utf8_is_printable(uint32_t point);

/* What ends a line for YAML 1.1, and so for libyaml's marks. */
int sim_utf8_is_break(uint32_t point);

/* Columns that a text takes on a terminal: East Asian wide characters take two, combining ones none, and what is
 * no character one. */
int sim_utf8_width(const char *text);

/* Bytes of the longest beginning of a text that takes at most this many columns; *used is what it takes. */
size_t sim_utf8_fit(const char *text, int width, int *used);

#endif
