/* SPDX-License-Identifier: BSD-3-Clause */
#include "names.h"
#include <stdio.h>
#include <string.h>

enum { LONGEST = 63, EDIT = 4, CASE = 1 };

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static uint32_t replacing(char a, char b) {
    return a == b ? 0 : lower(a) == lower(b) ? CASE : EDIT;
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

uint32_t names_distance(const char *a, const char *b) {
    uint32_t row[3][LONGEST + 1]; /* of the letter before the last one, the last one and this one */
    uint32_t *before = row[0], *last = row[1], *now = row[2];
    size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    for (size_t j = 0; j <= m; j++) {
        before[j] = last[j] = (uint32_t)j * EDIT;
    }
    for (size_t i = 1; i <= n; i++) {
        now[0] = (uint32_t)i * EDIT;
        for (size_t j = 1; j <= m; j++) {
            uint32_t one = least(last[j], now[j - 1]) + EDIT;
            now[j] = least(one, last[j - 1] + replacing(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] != a[i - 2] && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1]) {
                now[j] = least(now[j], before[j - 2] + EDIT);
            }
        }
        uint32_t *free_row = before;
        before = last;
        last = now;
        now = free_row;
    }
    return last[m];
}

const char *names_nearest(const char *name, uint32_t n, const char *const *known) {
    const char *nearest = NULL;
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t d = names_distance(name, known[i]);
        if (d < best) {
            best = d;
            nearest = known[i];
        }
    }
    return nearest;
}

const char *names_list(char room[NAMES_ROOM], uint32_t n, const char *const *name) {
    enum { TAIL = 32 }; /* for " and 4294967295 more" */
    size_t used = 0;
    uint32_t i = 0;
    snprintf(room, NAMES_ROOM, "nothing");
    for (; i < n && used + strlen(name[i]) + TAIL < NAMES_ROOM; i++) {
        const char *before = i == 0 ? "" : i + 1 == n ? " and " : ", ";
        used += (size_t)snprintf(room + used, NAMES_ROOM - used, "%s%s", before, name[i]);
    }
    if (i < n) {
        snprintf(room + used, NAMES_ROOM - used, "%s%u more", i ? " and " : "", (unsigned)(n - i));
    }
    return room;
}
