-- SPDX-License-Identifier: BSD-3-Clause
-- The template of `hillock new recorder`.

return [[
/* @NAME@: writes what is recorded as a text table: a line with the columns' names, then a line
 * a row, tabs between. */
#include "hillock/plugin.h"
#include <errno.h>
#include <stdio.h>

struct @P@ { /* what it keeps; zero at first */
    FILE *file;
};

static const struct hk_field @P@_fields[] = { /* its options */
    {"digits", HK_GLOBAL, "", 6, 1, 17, "significant digits of a number", NULL, 0},
};

/* Each hook returns 0, or 1 after it has said why it failed. */
static int @P@_fail(struct hk_recorder *r) {
    r->host->fail(r, "%s: %s", r->path, strerror(errno));
    return 1;
}

static int @P@_open(struct hk_recorder *r) { /* a run begins */
    struct @P@ *m = r->state;
    if (!r->path) {
        r->host->fail(r, "@NAME@ needs the path of a file");
        return 1;
    }
    m->file = fopen(r->path, "w");
    if (!m->file)
        return @P@_fail(r);
    for (uint32_t j = 0; j < r->n_column; j++)
        fprintf(m->file, "%s%c", r->column[j], j + 1 < r->n_column ? '\t' : '\n');
    return ferror(m->file) ? @P@_fail(r) : 0;
}

static int @P@_write(struct hk_recorder *r, const double *row, uint32_t n_row) {
    struct @P@ *m = r->state;
    int digits = (int)r->global[0]; /* the first HK_GLOBAL field */
    for (uint32_t i = 0; i < n_row; i++, row += r->n_column)
        for (uint32_t j = 0; j < r->n_column; j++)
            fprintf(m->file, "%.*g%c", digits, row[j], j + 1 < r->n_column ? '\t' : '\n');
    return ferror(m->file) ? @P@_fail(r) : 0;
}

static int @P@_flush(struct hk_recorder *r) { /* all so far is to be on disk */
    struct @P@ *m = r->state;
    return fflush(m->file) ? @P@_fail(r) : 0;
}

static int @P@_close(struct hk_recorder *r) { /* the end, also after a failure */
    struct @P@ *m = r->state;
    int failed = m->file && fclose(m->file);
    m->file = NULL;
    return failed ? @P@_fail(r) : 0;
}

static const struct hk_record @P@_record = {
    .state_size = sizeof(struct @P@),
    .open = @P@_open,
    .write = @P@_write,
    .flush = @P@_flush,
    .close = @P@_close,
};

HK_PLUGIN(@P@) = {
    HK_HEADER(@P@, HK_RECORDER, "@NAME@", "writes a text table"),
    HK_OPTIONS(@P@_fields),
    .record = &@P@_record,
};
]]
