/* SPDX-License-Identifier: BSD-3-Clause */
/* save_check: networks to files and back, compared to the bit. */
#ifndef HK_TESTS_SAVE_CHECK_H
#define HK_TESTS_SAVE_CHECK_H
#include "unit_files.h"

static char here[PATH], there[PATH]; /* two files in a folder of their own */

static inline int open_saves(void **state) {
    open_files(state);
    path_of(here, "here.hks");
    path_of(there, "there.hks");
    return 0;
}

static inline bool is_quick(void) {
    return getenv("HILLOCK_QUICK") != NULL;
}

static inline unsigned char *read_file(const char *path, size_t *n) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    *n = (size_t)ftell(file);
    rewind(file);
    unsigned char *byte = malloc(*n + 1);
    assert_non_null(byte);
    assert_int_equal(fread(byte, 1, *n, file), *n);
    fclose(file);
    return byte;
}

static inline void write_bytes(const char *path, const unsigned char *byte, size_t n) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(byte, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static inline void same_files(const char *a, const char *b) {
    size_t n, m;
    unsigned char *one = read_file(a, &n), *other = read_file(b, &m);
    assert_int_equal(n, m);
    for (size_t k = 0; k < n; k++) {
        if (one[k] != other[k]) {
            fail_msg("%s and %s differ at byte %zu of %zu", a, b, k, n);
        }
    }
    free(one);
    free(other);
}

/* All of at least so many recordings in memory, which may be empty. */
static inline void same_recordings(hk_context *ctx_a, hk_net *a, hk_context *ctx_b, hk_net *b,
                                   uint32_t least) {
    struct rows x, y;
    uint32_t p = 0;
    for (; !hk_net_rows(a, p, &x.n, &x.width, &x.row); p++) {
        WORKS(ctx_b, hk_net_rows(b, p, &y.n, &y.width, &y.row));
        if (x.n != y.n || x.width != y.width ||
            (x.n && memcmp(x.row, y.row, x.n * x.width * sizeof *x.row) != 0)) {
            fail_msg("recording %u differs: %u rows and %u", (unsigned)p, (unsigned)x.n,
                     (unsigned)y.n);
        }
    }
    assert_true(p >= least);
    FAILS(ctx_a, hk_net_rows(a, p, &x.n, &x.width, &x.row), HK_NOT_FOUND, "there is no probe");
    FAILS(ctx_b, hk_net_rows(b, p, &y.n, &y.width, &y.row), HK_NOT_FOUND, "there is no probe");
}

#endif
