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

/* How many digits give the number back: 15, as a decimal number of a user's has at most, 16 or 17.
 */
static int csv_digits(double x) {
    char text[32];
    int digits = 15;
    while (digits < 17 && snprintf(text, sizeof text, "%.*g", digits, x) > 0 &&
           strtod(text, NULL) != x)
        digits++;
    return digits;
}

static int csv_write(struct hk_recorder *r, const double *row, uint32_t n_row) {
    struct csv *m = r->state;
    const int digits = (int)r->global[0];
    if (m->failed)
        return 1;
    errno = 0;
    for (uint32_t j = 0; j < n_row; j++, row += r->n_column)
        for (uint32_t k = 0; k < r->n_column; k++)
            fprintf(m->file, "%.*g%c", digits ? digits : csv_digits(row[k]), row[k],
                    k + 1 < r->n_column ? ',' : '\n');
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
