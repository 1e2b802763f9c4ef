/* SPDX-License-Identifier: BSD-3-Clause */
/* harness.h: what a host does for one plugin, as little of it as a test needs. */
#ifndef HARNESS_H
#define HARNESS_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hillock/plugin.h"

enum { RIG_COLUMNS = 48, RIG_LISTS = 4, RIG_GUARD = 8 };

struct rig {
    void *so;
    const struct hk_plugin *plugin;
    double *col[RIG_COLUMNS], *v, *i, *g;
    double common[HK_COMMON], global[16];
    struct hk_list *list[RIG_LISTS];
    struct hk_stream *stream;
    struct hk_block b;
};

HK_UNUSED static double rig_uniform(const struct hk_stream *stream, uint64_t draw) {
    uint64_t x = stream->word[0] * 0x9e3779b97f4a7c15u + draw * 0xd1342543de82ef95u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return ((double)(x >> 12) + 0.5) * 0x1p-52;
}

static char rig_message[512]; /* of the last failure of a recorder */

__attribute__((format(printf, 2, 3))) static void rig_fail(struct hk_recorder *r,
                                                           const char *format, ...) {
    va_list args;
    (void)r;
    va_start(args, format);
    vsnprintf(rig_message, sizeof rig_message, format, args);
    va_end(args);
}

HK_UNUSED static const struct hk_host rig_host = {
    .size = sizeof(struct hk_host), .uniform = rig_uniform, .fail = rig_fail};

/* The file of a plugin: in the folder plugins of the build tree, beside this program's own. */
HK_UNUSED static void rig_path(char *path, size_t size, const char *file) {
    char self[2048];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(n > 0);
    self[n] = '\0';
    *strrchr(self, '/') = '\0';
    assert_true(snprintf(path, size, "%s/../plugins/%s.so", self, file) < (int)size);
}

HK_UNUSED static const struct hk_plugin *rig_load(const char *file, void **so) {
    char path[2100];
    rig_path(path, sizeof path, file);
    *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*so)
        fail_msg("%s", dlerror());
    const struct hk_plugin *p = dlsym(*so, "hk_plugin");
    assert_non_null(p);
    return p;
}

/* A column of n numbers with a guard behind it that no kernel may touch. */
static double *rig_column(uint32_t n, double value) {
    double *x = aligned_alloc(64, (n + RIG_GUARD) * sizeof *x);
    assert_non_null(x);
    for (uint32_t k = 0; k < n + RIG_GUARD; k++)
        x[k] = k < n ? value : -12345;
    return x;
}

static void rig_intact(const double *x, uint32_t n) {
    for (uint32_t k = n; k < n + RIG_GUARD; k++)
        assert_true(x[k] == -12345);
    free((void *)(uintptr_t)x);
}

/* n instances (a multiple of HK_LANES) with every column at its default; an unset one is 0. */
HK_UNUSED static void rig_open(struct rig *r, const char *file, uint32_t n) {
    memset(r, 0, sizeof *r);
    r->plugin = rig_load(file, &r->so);
    const struct hk_plugin *p = r->plugin;
    assert_true(p->n_column <= RIG_COLUMNS && n % HK_LANES == 0);
    uint32_t global = 0, list = 0;
    for (uint32_t j = 0; j < p->n_field; j++) {
        const struct hk_field *f = &p->field[j];
        if (j < p->n_column)
            r->col[j] = rig_column(n, isnan(f->value) ? 0 : f->value);
        else if (f->role == HK_GLOBAL)
            r->global[global++] = f->value;
        else if (f->role == HK_LIST)
            assert_non_null(r->list[list++] = calloc(n, sizeof(struct hk_list)));
    }
    r->v = rig_column(n, -65);
    r->i = rig_column(n, 0);
    r->g = rig_column(n, 0);
    assert_non_null(r->stream = calloc(n, sizeof *r->stream));
    for (uint32_t k = 0; k < n; k++)
        r->stream[k].word[0] = k + 1;
    r->b = (struct hk_block){.n = n,
                             .dt = 0.025,
                             .celsius = 37,
                             .v = r->v,
                             .i = r->i,
                             .g = r->g,
                             .common = r->common,
                             .col = r->col,
                             .list = (const struct hk_list *const *)r->list,
                             .stream = r->stream,
                             .host = &rig_host};
}

HK_UNUSED static void rig_close(struct rig *r) {
    for (uint32_t j = 0; j < r->plugin->n_column; j++)
        rig_intact(r->col[j], r->b.n);
    rig_intact(r->v, r->b.n);
    rig_intact(r->i, r->b.n);
    rig_intact(r->g, r->b.n);
    for (int j = 0; j < RIG_LISTS; j++)
        free(r->list[j]);
    free(r->stream);
    dlclose(r->so);
}

HK_UNUSED static double *rig_field(const struct rig *r, const char *name) {
    for (uint32_t j = 0; j < r->plugin->n_column; j++)
        if (!strcmp(r->plugin->field[j].name, name))
            return r->col[j];
    fail_msg("%s has no column %s", r->plugin->name, name);
    return NULL;
}

HK_UNUSED static void rig_set(const struct rig *r, const char *name, double value) {
    double *x = rig_field(r, name);
    for (uint32_t k = 0; k < r->b.n; k++)
        x[k] = value;
}

HK_UNUSED static void rig_init(struct rig *r, double celsius, double dt) {
    struct hk_setup s = {celsius, dt, r->global};
    r->b.celsius = celsius;
    r->b.dt = dt;
    if (r->plugin->setup)
        r->plugin->setup(&s, r->common);
    if (r->plugin->init)
        r->plugin->init(&r->b);
}

HK_UNUSED static void rig_current(struct rig *r) {
    for (uint32_t k = 0; k < r->b.n; k++)
        r->i[k] = r->g[k] = 0;
    r->plugin->current(&r->b);
}

HK_UNUSED static void rig_event(struct rig *r, uint32_t k, double weight) {
    struct hk_event e = {.weight = &weight, .instance = k, .host = &rig_host};
    r->plugin->receive(&r->b, &e);
}

/* |a - b| <= relative |b| + absolute; tells where it is not. */
#define assert_near(A, B, RELATIVE, ABSOLUTE, AT)                                                  \
    do {                                                                                           \
        double a_ = (double)(A), b_ = (double)(B);                                                 \
        if (!(fabs(a_ - b_) <= (RELATIVE)*fabs(b_) + (ABSOLUTE)))                                  \
            fail_msg("%s: %.17g, not %.17g (off by %.2g, at %.17g)", #A, a_, b_, a_ - b_,          \
                     (double)(AT));                                                                \
    } while (0)

#endif
