/* utf8.c - decodes one character at a time, and knows how wide it is. */
#include "sim/utf8.h"

#include <limits.h>
#include <string.h>

size_t
sim_utf8_decode(const unsigned char *text, size_t length, uint32_t *point)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

    unsigned char first = text[0];
    size_t size = first < 0x80 ? 1
        : first < 0xc0         ? 0
        : first < 0xe0         ? 2
        : first < 0xf0         ? 3
        : first < 0xf8         ? 4
                               : 0;
    if (size == 0 || size > length) {
        return 0;
    }
    *point = size == 1 ? first : first & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        *point = *point << 6 | (text[i] & 0x3fu);
    }
    int surrogate = *point >= 0xd800 && *point < 0xe000;
    return *point < least[size] || *point > 0x10ffff || surrogate ? 0 : size;
}

void
sim_utf8_repair(char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t point;
        size_t bytes = sim_utf8_decode((const unsigned char *) text, left, &point);
        if (bytes == 0) {
            *text = '?';
            bytes = 1;
        }
        text += bytes;
        left -= bytes;
    }
}

int
sim_utf8_is_printable(uint32_t point)
{
    return point == '\t' || point == '\n' || point == '\r' || (point >= 0x20 && point < 0x7f) || point == 0x85
        || (point >= 0xa0 && point != 0xfeff && point != 0xfffe && point != 0xffff);
}

int
sim_utf8_is_break(uint32_t point)
{
    return point == '\n' || point == '\r' || point == 0x85 || point == 0x2028 || point == 0x2029;
}

/* Characters of two columns, and of none (Unicode's East Asian Width W and F, and the usual combining marks).
 */
struct range {
    uint32_t first, last;
};

static const struct range wide[] = { { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0x33ff },
    { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xa000, 0xa4cf }, { 0xa960, 0xa97f }, { 0xac00, 0xd7a3 },
    { 0xf900, 0xfaff }, { 0xfe10, 0xfe19 }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
    { 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };
static const struct range none[] = { { 0x300, 0x36f }, { 0x200b, 0x200f }, { 0x20d0, 0x20ff },
    { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f } };

static int
is_in(uint32_t point, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) {
            return 1;
        }
    }
    return 0;
}

/* Columns of the first character of a text that is not empty; *size are its bytes. What is cut or broken takes
 * one, as the mark that terminals show for it. */
static int
columns_of(const char *text, size_t length, size_t *size)
{
    uint32_t point = 0;
    *size = sim_utf8_decode((const unsigned char *) text, length, &point);
    if (*size == 0) {
        for (*size = 1; *size < length && ((unsigned char) text[*size] & 0xc0) == 0x80; ++*size) {}
        return 1;
    }
    return is_in(point, wide, sizeof(wide) / sizeof(*wide)) ? 2
        : is_in(point, none, sizeof(none) / sizeof(*none))  ? 0
                                                            : 1;
}

size_t
sim_utf8_fit(const char *text, int width, int *used)
{
    size_t length = strlen(text), end = 0, size;
    *used = 0;
    while (end < length) {
        int columns = columns_of(text + end, length - end, &size);
        if (columns > width - *used) {
            break;
        }
        *used += columns;
        end += size;
    }
    return end;
}

int
sim_utf8_width(const char *text)
{
    int used;
    sim_utf8_fit(text, INT_MAX, &used);
    return used;
}
