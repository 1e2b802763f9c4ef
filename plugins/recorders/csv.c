/* SPDX-License-Identifier: BSD-3-Clause */
/* csv: streams the rows to a text file: a header line with the columns' names, then a line a row,
 * numbers separated by commas (RFC 4180, lines end in a line feed).
 *
 * While the run lasts the rows are in PATH.part; `close` renames it to PATH. So what stands at PATH
 * is whole lines of a run that was closed in order, and a run that is killed, or whose disk is
 * full, leaves what was there before. After `flush` PATH.part ends with a whole line. A path that
 * exists and is no regular file (a pipe, /dev/stdout) is written directly.
 *
 * A network that is saved takes along the text so far, which it goes on with where it is restored:
 * so what was written directly, and cannot be read again, cannot be saved. */
#define _POSIX_C_SOURCE 200809L
#include "hillock/plugin.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct csv {
    FILE *file;
    char *part; /* NULL: path itself is written */
    int failed; /* and reported */
};

static const struct hk_field csv_fields[] = {
    {"digits", HK_GLOBAL, "", 9, 0, 17,
     "significant digits of a number; 17 lose nothing, 0: as few of them as that takes", NULL, 0},
};

static const char *csv_target(const struct hk_recorder *r) {
    const struct csv *m = r->state;
    return m->part ? m->part : r->path;
}

static int csv_fail(struct hk_recorder *r, int error) {
    struct csv *m = r->state;
    m->failed = 1;
    r->host->fail(r, "cannot write %s: %s", csv_target(r), strerror(error ? error : EIO));
    return 1;
}

/* A name with a comma, a quote or a line's end goes in quotes, its quotes doubled. */
static void csv_name(FILE *f, const char *name) {
    if (!name[strcspn(name, ",\"\r\n")]) {
        fputs(name, f);
        return;
    }
    fputc('"', f);
    for (const char *s = name; *s; s++) {
        if (*s == '"')
            fputc('"', f);
        fputc(*s, f);
    }
    fputc('"', f);
}

/* The file, empty. */
static int csv_begin(struct hk_recorder *r) {
    struct csv *m = r->state;
    struct stat there;
    *m = (struct csv){NULL, NULL, 0};
    if (!r->path || !*r->path) {
        m->failed = 1;
        r->host->fail(r, "csv needs the path of a file");
        return 1;
    }
    if (stat(r->path, &there) != 0 || S_ISREG(there.st_mode)) {
        size_t n = strlen(r->path);
        if (!(m->part = malloc(n + sizeof ".part")))
            return csv_fail(r, ENOMEM);
        memcpy(m->part, r->path, n);
        memcpy(m->part + n, ".part", sizeof ".part");
    }
    errno = 0;
    if (!(m->file = fopen(csv_target(r), "w"))) {
        csv_fail(r, errno);
        free(m->part);
        m->part = NULL;
        return 1;
    }
    setvbuf(m->file, NULL, _IOFBF, 1 << 18);
    return 0;
}

static int csv_open(struct hk_recorder *r) {
    struct csv *m = r->state;
    if (csv_begin(r))
        return 1;
    for (uint32_t k = 0; k < r->n_column; k++) {
        if (k)
            fputc(',', m->file);
        csv_name(m->file, r->column[k]);
    }
    fputc('\n', m->file);
    return ferror(m->file) ? csv_fail(r, errno) : 0;
}

/* ---- as few digits as give a number back: 15, as a user's number has at most, 16 or 17
 *
 * printf is asked once, for 17 digits; fewer are made of these by rounding, and tried. */

struct csv_decimal { /* digit[0] . digit[1] digit[2] ... times ten to the power of `power` */
    char digit[18];
    int n, power;
    int minus;
};

static struct csv_decimal csv_decimal(double x) {
    char text[32];
    struct csv_decimal d = {.n = 17};
    snprintf(text, sizeof text, "%.16e", x);
    const char *s = text;
    d.minus = *s == '-';
    s += d.minus;
    d.digit[0] = *s;
    memcpy(d.digit + 1, s + 2, 16);
    d.power = (int)strtol(s + 19, NULL, 10);
    return d;
}

static struct csv_decimal csv_round(struct csv_decimal d, int n) {
    int k = n;
    if (d.digit[n] >= '5') {
        while (k > 0 && d.digit[k - 1] == '9')
            d.digit[--k] = '0';
        if (k > 0)
            d.digit[k - 1]++;
        else { /* all were nines */
            d.digit[0] = '1';
            d.power++;
        }
    }
    d.n = n;
    return d;
}

/* As printf's %.*g of d.n digits has it; its length. */
static int csv_place(const struct csv_decimal *d, char *text) {
    char *at = text;
    int n = d->n;
    while (n > 1 && d->digit[n - 1] == '0')
        n--;
    if (d->minus)
        *at++ = '-';
    if (d->power < -4 || d->power >= d->n) {
        *at++ = d->digit[0];
        if (n > 1)
            *at++ = '.';
        memcpy(at, d->digit + 1, (size_t)(n - 1));
        at += n - 1;
        return (int)(at - text) + snprintf(at, 8, "e%+03d", d->power);
    }
    if (d->power < 0)
        at += sprintf(at, "0.%.*s", -d->power - 1, "000");
    for (int k = 0; k < n || k <= d->power; k++) {
        *at++ = k < n ? d->digit[k] : '0';
        if (k == d->power && k + 1 < n)
            *at++ = '.';
    }
    *at = '\0';
    return (int)(at - text);
}

/* Room for 32. */
static int csv_shortest(double x, char *text) {
    if (!(x - x == 0) || x == 0)
        return snprintf(text, 32, "%g", x);
    struct csv_decimal all = csv_decimal(x);
    for (int n = 15; n < 17; n++) {
        struct csv_decimal some = csv_round(all, n);
        bool even = memcmp(all.digit + n, "50", (size_t)(17 - n)) == 0; /* up or down? */
        int length = even ? snprintf(text, 32, "%.*g", n, x) : csv_place(&some, text);
        if (strtod(text, NULL) == x)
            return length;
    }
    return csv_place(&all, text);
}

static int csv_write(struct hk_recorder *r, const double *row, uint32_t n_row) {
    struct csv *m = r->state;
    const int digits = (int)r->global[0];
    if (m->failed)
        return 1;
    errno = 0;
    for (uint32_t j = 0; j < n_row; j++, row += r->n_column)
        for (uint32_t k = 0; k < r->n_column; k++) {
            char text[40];
            int n = digits ? snprintf(text, sizeof text, "%.*g", digits, row[k])
                           : csv_shortest(row[k], text);
            text[n++] = k + 1 < r->n_column ? ',' : '\n';
            fwrite(text, 1, (size_t)n, m->file);
        }
    return ferror(m->file) ? csv_fail(r, errno) : 0;
}

static int csv_flush(struct hk_recorder *r) {
    struct csv *m = r->state;
    if (m->failed)
        return 1;
    errno = 0;
    return fflush(m->file) ? csv_fail(r, errno) : 0;
}

static int csv_close(struct hk_recorder *r) {
    struct csv *m = r->state;
    int result = 0;
    errno = 0;
    if (m->file && fclose(m->file) && !m->failed)
        result = csv_fail(r, errno);
    if (m->file && m->part && !m->failed && rename(m->part, r->path))
        result = csv_fail(r, errno);
    free(m->part);
    *m = (struct csv){NULL, NULL, 0};
    return result;
}

static int csv_unread(struct hk_recorder *r, int error) {
    r->host->fail(r, "cannot read %s: %s", csv_target(r), strerror(error ? error : EIO));
    return 1;
}

static int csv_save(struct hk_recorder *r,
                    void (*put)(void *to, const void *bytes, uint64_t n_byte), void *to) {
    struct csv *m = r->state;
    static const size_t room = 1 << 16;
    if (!m->part) {
        r->host->fail(r, "%s is no regular file: what was written to it cannot be saved", r->path);
        return 1;
    }
    if (csv_flush(r))
        return 1;
    FILE *written = fopen(m->part, "r");
    char *some = malloc(room);
    if (!written || !some) {
        int error = written ? ENOMEM : errno;
        if (written)
            fclose(written);
        free(some);
        return csv_unread(r, error);
    }
    errno = 0;
    for (size_t n; (n = fread(some, 1, room, written)) > 0;)
        put(to, some, n);
    int failed = ferror(written), error = errno;
    fclose(written);
    free(some);
    return failed ? csv_unread(r, error) : 0;
}

static int csv_restore(struct hk_recorder *r, const void *bytes, uint64_t n_byte) {
    struct csv *m = r->state;
    if (csv_begin(r))
        return 1;
    errno = 0;
    if (fwrite(bytes, 1, (size_t)n_byte, m->file) == n_byte && !fflush(m->file))
        return 0;
    csv_fail(r, errno);
    fclose(m->file);
    free(m->part);
    *m = (struct csv){NULL, NULL, 0};
    return 1;
}

static const struct hk_record_save csv_taken = {.save = csv_save, .restore = csv_restore};

static const struct hk_ability csv_abilities[] = {{HK_RECORD_SAVE, &csv_taken}};

static const struct hk_record csv_record = {
    .state_size = sizeof(struct csv),
    .open = csv_open,
    .write = csv_write,
    .flush = csv_flush,
    .close = csv_close,
};

HK_PLUGIN(csv) = {
    HK_HEADER(csv, HK_RECORDER, "csv", "streams the rows to a text file"),
    HK_OPTIONS(csv_fields),
    .ability = csv_abilities,
    .n_ability = 1,
    .record = &csv_record,
};
