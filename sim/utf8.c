/* utf8.c - decodes one character at a time. */
#include "sim/utf8.h"

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
